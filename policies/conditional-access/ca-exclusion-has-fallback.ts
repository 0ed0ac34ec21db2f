import { type StackSubject, stackRule } from "../core/rule.ts";
import { applicationSides, type Target } from "./applications.ts";
import { alwaysAbout, demands, includesEverybody } from "./cover.ts";
import { blocks, grantOf } from "./grants.ts";
import { enforcement, isOn, items } from "./policy.ts";
import { mayHold, type Side, sidesOf } from "./sides.ts";
import { applicationType, groupTypes, policyType, principalType, strengthType } from "./types.ts";

interface Config {
  readonly breakGlass: string;
}

/** Somebody whom a policy spares. */
interface Spared {
  readonly shown: string;
  /** Whether the person or group is in a side of another policy. */
  isIn(side: Side): boolean;
  readonly list: "groups" | "users";
}

function sparedBy(policy: StackSubject, resources: readonly StackSubject[], { breakGlass }: Config): readonly Spared[] {
  const groups = resources.filter(({ type }) => groupTypes.includes(type));
  const { excluded } = sidesOf(policy, "groups", groups, { excludedFirst: ({ name }) => name === breakGlass });
  const own = excluded.resources
    .filter(({ name }) => name !== breakGlass)
    .map(
      (group): Spared => ({
        shown: `the group ${JSON.stringify(group.name)}`,
        isIn: (side) => mayHold(side, group),
        list: "groups",
      }),
    );
  const written = (list: "groups" | "users", ids: readonly string[], kind: string) =>
    ids.map(
      (id): Spared => ({
        shown: `the ${kind} ${JSON.stringify(id)}`,
        isIn: (side) => side.strangers.includes(id),
        list,
      }),
    );
  // Guests as such are the matter of another rule.
  const people = items(policy.props, "conditions.users.excludedUsers").values.filter(
    (id) => id !== "GuestsOrExternalUsers",
  );
  return [...own, ...written("groups", excluded.strangers, "group"), ...written("users", people, "person")];
}

/** What a policy is about, one by one; all there is for `All`. */
function targetsOf(policy: StackSubject, resources: readonly StackSubject[]): readonly Target[] {
  const { included } = applicationSides(policy, resources);
  const all = included.strangers.includes("All") ? resources.filter(({ type }) => type === applicationType) : [];
  const named = included.strangers.filter((id) => id !== "None" || included.resources.length === 0);
  return [
    ...[...new Set([...included.resources, ...all])].map((application): Target => ({ kind: "stack", application })),
    ...named.map((id): Target => ({ kind: "existing", clientId: id })),
  ];
}

/** Whether another policy asks the spared for at least a second factor at a target. */
function isMet(
  spared: Spared,
  policy: StackSubject,
  target: Target,
  resources: readonly StackSubject[],
  config: Config,
): boolean {
  const groups = resources.filter(({ type }) => groupTypes.includes(type));
  const state = enforcement(policy.props) ?? "report-only";
  return alwaysAbout(resources, { target, state }).some((other) => {
    if (other === policy || !demands(other, "mfa", resources)) return false;
    const sides =
      spared.list === "groups"
        ? sidesOf(other, "groups", groups, { excludedFirst: ({ name }) => name === config.breakGlass })
        : sidesOf(other, "users", []);
    const excluded = spared.isIn({ ...sides.excluded, maybe: [], untold: false });
    return !excluded && (includesEverybody(other) || spared.isIn(sides.included));
  });
}

/** Whom one policy spares, another one asks. */
export const caExclusionHasFallback = stackRule<Config>(
  {
    name: "ca-exclusion-has-fallback",
    title: "Whom one policy spares, another one asks",
    what: "Each group or person that a policy excludes, the break-glass group aside, is met by another policy with multifactor authentication or more, for the same applications and in the same state.",
    why: "An exclusion is made for one reason (a device that cannot be managed, a country to travel to) and takes away everything the policy does: if nothing else asks, the password alone is enough.",
    fix: "Add a policy that demands multifactor authentication of the excluded group, or include the group in one that does.",
    severity: "medium",
    url: "https://learn.microsoft.com/entra/identity/conditional-access/plan-conditional-access",
    mappings: [{ framework: "maester", id: "MT.1036" }],
  },
  {
    types: [policyType, strengthType, applicationType, principalType, ...groupTypes],
    needs: policyType,
    config: {
      breakGlass: {
        type: "string",
        minLength: 1,
        default: "break-glass",
        description: "Resource name of the break-glass group.",
      },
    },
    check(resources, report, config) {
      for (const policy of resources.filter(({ type, props }) => type === policyType && isOn(props))) {
        const grant = grantOf(policy.props);
        // A policy that only sets how long a session lasts lets nobody in.
        if (grant.controls === 0 && !blocks(grant)) continue;
        const targets = targetsOf(policy, resources);
        for (const spared of sparedBy(policy, resources, config)) {
          const open = targets.find((target) => !isMet(spared, policy, target, resources, config));
          if (open === undefined) continue;
          const name = open.kind === "stack" ? open.application.name : open.clientId;
          report(policy, {
            at: spared.list === "groups" ? "conditions.users.excludedGroups" : "conditions.users.excludedUsers",
            found: `${spared.shown}, which no other policy asks for a second factor at ${JSON.stringify(name)}`,
            wanted: "exclusions that another policy covers",
          });
        }
      }
    },
  },
);
