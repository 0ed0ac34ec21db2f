import { linksOf } from "../core/links.ts";
import { type Finding, type StackSubject, stackRule } from "../core/rule.ts";
import { known, text, value } from "../core/values.ts";

const groupTypes = ["azuread:index/group:Group", "azuread:index/groupWithoutMembers:GroupWithoutMembers"];
const groupMember = "azuread:index/groupMember:GroupMember";

interface Config {
  readonly privilegedGroups: readonly string[];
  readonly ordinaryGroups: readonly string[];
}

/** A property of `from` that makes groups members of a privileged one. */
function nested(
  from: StackSubject,
  property: string,
  groups: readonly StackSubject[],
  { privilegedGroups, ordinaryGroups }: Config,
): Finding | undefined {
  const { resources, strangers } = linksOf(from, property, groups);
  const existing = strangers.find((id) => ordinaryGroups.includes(id) || privilegedGroups.includes(id));
  const name = resources[0]?.name ?? existing;
  if (name === undefined) return undefined;
  return { at: property, found: `the group ${JSON.stringify(name)}`, wanted: "people only" };
}

/** Whether a membership of its own puts somebody into a privileged group, of the stack or existing. */
function isIntoPrivileged(member: StackSubject, groups: readonly StackSubject[], config: Config): boolean {
  const { resources, strangers } = linksOf(member, "groupObjectId", groups);
  return (
    resources.some(({ props }) => value(props, "assignableToRole") === true) ||
    strangers.some((id) => config.privilegedGroups.includes(id))
  );
}

/** A privileged team has the members that it names. Whoever could change a nested team would be in it otherwise. */
export const privilegedNotNested = stackRule<Config>(
  {
    name: "privileged-not-nested",
    title: "Privileged teams hold people only",
    what: "A group that may hold Entra roles has no group as a member and no rule that computes members.",
    why: "Entra guards the privileged group, not the groups in it: whoever owns a nested one, or may write the property that a rule reads, lets people in. Entra refuses both when the group is made; this says so before anything is changed, and for existing groups too.",
    fix: "Name the people in the privileged team itself.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept",
  },
  {
    types: [...groupTypes, groupMember],
    config: {
      privilegedGroups: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Object ids of existing groups that the settings mark privileged.",
      },
      ordinaryGroups: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Object ids of the other existing groups that the settings name.",
      },
    },
    check(resources, report, config) {
      const groups = resources.filter(({ type }) => groupTypes.includes(type));
      for (const group of groups.filter(({ props }) => value(props, "assignableToRole") === true)) {
        const finding = nested(group, "members", groups, config);
        if (finding) report(group, finding);
        if (known(group.props, "dynamicMembership").kind !== "absent") {
          const rule = text(group.props, "dynamicMembership.rule");
          const found = rule === undefined ? "set" : JSON.stringify(rule);
          report(group, { at: "dynamicMembership", found, wanted: "members by name" });
        }
      }
      for (const member of resources.filter(({ type }) => type === groupMember)) {
        if (!isIntoPrivileged(member, groups, config)) continue;
        const finding = nested(member, "memberObjectId", groups, config);
        if (finding) report(member, finding);
      }
    },
  },
);
