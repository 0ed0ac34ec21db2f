import type { StackSubject } from "../core/rule.ts";
import { elements } from "../core/values.ts";
import { isAbout, type Target } from "./applications.ts";
import { blocks, grantOf, isAtLeastLevel, isFirm, type Level, levelOf } from "./grants.ts";
import {
  appliesToAllClients,
  appliesToLegacyClients,
  type Enforcement,
  enforcement,
  isAtLeast,
  isUnconditional,
  items,
} from "./policy.ts";
import { policyType, strengthType } from "./types.ts";

/** What a cover has to hold for. */
export interface Wanted {
  readonly target: Target;
  readonly state: Enforcement;
}

/** Policies in at least a state that are about an application wherever and on whatever device somebody signs in. */
export function alwaysAbout(resources: readonly StackSubject[], { target, state }: Wanted): readonly StackSubject[] {
  return resources.filter(
    (policy) =>
      policy.type === policyType &&
      isAtLeast(enforcement(policy.props), state) &&
      isUnconditional(policy.props) &&
      isAbout(policy, target, resources),
  );
}

/** Whether a policy surely demands at least this much of every client that it lets in; one that blocks demands more. */
export function demands(policy: StackSubject, level: Level, resources: readonly StackSubject[]): boolean {
  if (!appliesToAllClients(policy.props)) return false;
  const strengths = resources.filter(({ type }) => type === strengthType);
  return blocks(grantOf(policy.props)) || isAtLeastLevel(levelOf(policy, strengths), level);
}

/** Whether a policy shuts out clients that cannot show a sign-in page. */
export function blocksLegacy({ props }: StackSubject): boolean {
  const grant = grantOf(props);
  return appliesToLegacyClients(props) && isFirm(grant) && (blocks(grant) || grant.builtIn.open > 0);
}

/** Whether a policy is about everybody in the company. */
export function includesEverybody({ props }: StackSubject): boolean {
  const { values, open } = items(props, "conditions.users.includedUsers");
  return open > 0 || values.includes("All");
}

/** Kinds of outside people that an application can be assigned to. */
const guestKinds = ["b2bCollaborationGuest", "b2bCollaborationMember"];

/** Whether a policy is about every guest that can sign in to a tool, whichever way it names them. */
export function includesGuests(policy: StackSubject): boolean {
  const { props } = policy;
  const excludes =
    items(props, "conditions.users.excludedUsers").values.includes("GuestsOrExternalUsers") ||
    elements(props, "conditions.users.excludedGuestsOrExternalUsers").length > 0;
  if (excludes) return false;
  const users = items(props, "conditions.users.includedUsers");
  if (includesEverybody(policy) || users.values.includes("GuestsOrExternalUsers")) return true;
  return elements(props, "conditions.users.includedGuestsOrExternalUsers").some(({ item }) => {
    if (item.kind !== "value") return item.kind === "unknown";
    const { values, open } = items(item.value, "guestOrExternalUserTypes");
    const tenants = elements(item.value, "externalTenants").map((one) => one.item);
    const narrowed = tenants.some((one) => one.kind === "value" && elements(one.value, "members").length > 0);
    return !narrowed && (open > 0 || guestKinds.every((kind) => values.includes(kind)));
  });
}
