import { type Finding, type StackSubject, stackRule } from "../core/rule.ts";
import { known, text } from "../core/values.ts";
import { isOn, items } from "./policy.ts";
import { type Side, sidesOf } from "./sides.ts";
import { groupTypes, policyType } from "./types.ts";

interface Config {
  readonly breakGlass: string;
  readonly privilegedGroups: readonly string[];
  readonly ownAttributes: readonly string[];
}

type Problem = Pick<Finding, "found" | "wanted" | "fix">;

function isUnprotected({ props }: StackSubject): boolean {
  const marked = known(props, "assignableToRole");
  return marked.kind === "absent" || (marked.kind === "value" && marked.value !== true);
}

/** What of a group of the stack lets people in, or out, by themselves. */
function openDoor({ name, props }: StackSubject, ownAttributes: readonly string[]): string | undefined {
  const rule = text(props, "dynamicMembership.rule");
  const read = [...(rule ?? "").matchAll(/\buser\.(\w+)/gi)].map(([, attribute = ""]) => attribute.toLowerCase());
  const own = ownAttributes.find((attribute) => read.includes(attribute.toLowerCase()));
  if (own !== undefined) return `the group ${JSON.stringify(name)}, whose rule reads user.${own}`;
  const isPublic = items(props, "types").values.includes("Unified") && text(props, "visibility") !== "Private";
  return isPublic ? `the group ${JSON.stringify(name)}, which anybody can join and leave` : undefined;
}

/** Exclusions are holes: only who may hold Entra roles can be trusted with the key. */
function excludedProblems(side: Side, { privilegedGroups }: Config): readonly Problem[] {
  const wanted = "role-assignable groups";
  // Of those that are in one of two lists, at least one is in this one: a problem when none of them would do.
  const maybe = side.maybe.every(isUnprotected) ? side.maybe.slice(0, 1) : [];
  return [
    ...[...side.resources.filter(isUnprotected), ...maybe].map(({ name }) => ({
      found: `the group ${JSON.stringify(name)}, which is not role-assignable`,
      wanted,
    })),
    ...side.strangers
      .filter((id) => !privilegedGroups.includes(id))
      .map((id) => ({
        found: `${JSON.stringify(id)}, no group of the stack`,
        wanted: `${wanted}, or existing ones that the settings mark privileged`,
      })),
  ];
}

function includedProblems(side: Side, { ownAttributes }: Config): readonly Problem[] {
  return side.resources.flatMap((group) => {
    const found = openDoor(group, ownAttributes);
    const fix = "Name the members, or let the rule read what only administrators and the personnel system write.";
    return found === undefined ? [] : [{ found, wanted: "groups that people cannot leave by themselves", fix }];
  });
}

/** Who can change a policy's groups decides whom it holds for. */
export const caGroupsProtected = stackRule<Config>(
  {
    name: "ca-groups-protected",
    title: "Nobody can walk into an exclusion, or out of a policy",
    what: "Groups that policies exclude are role-assignable; groups that they include are not public, and no rule of theirs reads what people write about themselves.",
    why: "Whoever may add members to an excluded group, its owner or any group administrator, lets himself and others past the policy, and no log of Conditional Access shows it. An included group is left the same way when people write the property that its rule reads.",
    fix: "Mark the team `privileged: true` in the settings, or do without the exclusion.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept",
    mappings: [{ framework: "maester", id: "MT.1035" }],
  },
  {
    types: [policyType, ...groupTypes],
    needs: policyType,
    config: {
      breakGlass: {
        type: "string",
        minLength: 1,
        default: "break-glass",
        description: "Resource name of the break-glass group.",
      },
      privilegedGroups: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Object ids of existing groups that the settings mark privileged.",
      },
      ownAttributes: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: ["mobile", "telephoneNumber", "otherMails", "preferredLanguage"],
        description: "Properties that people write themselves, in the words of membership rules.",
      },
    },
    check(resources, report, config) {
      const groups = resources.filter(({ type }) => groupTypes.includes(type));
      for (const policy of resources.filter(({ type, props }) => type === policyType && isOn(props))) {
        const { included, excluded } = sidesOf(policy, "groups", groups, {
          excludedFirst: ({ name }) => name === config.breakGlass,
        });
        for (const problem of excludedProblems(excluded, config)) report(policy, { at: excluded.at, ...problem });
        for (const problem of includedProblems(included, config)) report(policy, { at: included.at, ...problem });
      }
    },
  },
);
