import { z } from "zod";
import { MembershipRuleError, parseMembershipRule } from "../../../../model/membership-rule.ts";
import type { Directory, Group } from "../../directory.ts";
import { guid } from "../body.ts";
import { badRequest } from "../errors.ts";
import { bindings } from "../references.ts";

const text = z.string().nullable();

const writable = {
  displayName: z.string().min(1).max(256),
  description: text.optional(),
  mailEnabled: z.boolean(),
  mailNickname: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[^@()\\[\]";:<>, ]+$/, 'may hold neither spaces nor @()\\[]";:<>,'),
  securityEnabled: z.boolean(),
  isAssignableToRole: z.boolean().nullable().optional(),
  groupTypes: z.array(z.enum(["Unified", "DynamicMembership"])).optional(),
  membershipRule: text.optional(),
  membershipRuleProcessingState: z.enum(["On", "Paused"]).nullable().optional(),
  visibility: z.enum(["Public", "Private", "HiddenMembership"]).nullable().optional(),
  theme: text.optional(),
  resourceBehaviorOptions: z.array(z.string()).optional(),
  resourceProvisioningOptions: z.array(z.string()).optional(),
};

const writebackConfiguration = z
  .strictObject({ isEnabled: z.boolean().nullable().default(null), onPremisesGroupType: text.default(null) })
  .optional();

const betaWritable = { ...writable, writebackConfiguration };
const bound = { "owners@odata.bind": bindings, "members@odata.bind": bindings };

/** https://learn.microsoft.com/graph/api/group-post-groups */
export const newGroup = {
  "v1.0": z.strictObject({ ...writable, ...bound }),
  beta: z.strictObject({ ...betaWritable, ...bound }),
};

/** https://learn.microsoft.com/graph/api/group-update; members may be added with a PATCH, owners may not. */
export const groupPatch = {
  "v1.0": z.strictObject({ ...writable, id: guid, "members@odata.bind": bindings }).partial(),
  beta: z.strictObject({ ...betaWritable, id: guid, "members@odata.bind": bindings }).partial(),
};

/** Refuses a group that Graph would refuse. `before` is what was stored so far, when it is an update. */
export function checkGroup(group: Group, before?: Group): void {
  const unified = group.groupTypes.includes("Unified");
  const dynamic = group.groupTypes.includes("DynamicMembership");
  if (!group.securityEnabled && !group.mailEnabled) {
    throw badRequest("A group must be security-enabled or mail-enabled (or both).");
  }
  if (group.mailEnabled !== unified) {
    throw badRequest(
      "Groups of type 'Unified' are mail-enabled, and no others can be: set mailEnabled and groupTypes to fit.",
    );
  }
  if (before !== undefined && unified !== before.groupTypes.includes("Unified")) {
    throw badRequest("The group type 'Unified' cannot be changed after the group is created.");
  }
  const hasRule = group.membershipRule !== null && group.membershipRule !== "";
  if (dynamic !== hasRule) {
    throw badRequest("A membershipRule and the group type 'DynamicMembership' need each other.");
  }
  if (dynamic && group.membershipRuleProcessingState === null) {
    throw badRequest("A dynamic group needs a membershipRuleProcessingState of 'On' or 'Paused'.");
  }
  if (dynamic) checkRule(group.membershipRule ?? "");
  checkRoleAssignable(group, before);
}

/** https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept */
function checkRoleAssignable(group: Group, before: Group | undefined): void {
  const assignable = group.isAssignableToRole === true;
  if (before !== undefined && assignable !== (before.isAssignableToRole === true)) {
    throw badRequest("Property 'isAssignableToRole' cannot be changed after the group is created.");
  }
  if (!assignable) return;
  if (!group.securityEnabled) throw badRequest("A group with isAssignableToRole set to true must be security-enabled.");
  if (group.groupTypes.includes("DynamicMembership")) {
    throw badRequest("A group with isAssignableToRole set to true cannot have dynamic membership.");
  }
  if (group.visibility === "Public")
    throw badRequest("A group with isAssignableToRole set to true must have private visibility.");
}

/** Microsoft's answer says no more than that the rule is wrong; the sandbox adds why. */
function checkRule(rule: string): void {
  try {
    parseMembershipRule(rule);
  } catch (error) {
    if (!(error instanceof MembershipRuleError)) throw error;
    throw badRequest(`Invalid value specified for property 'membershipRule' of resource 'Group'. ${error.message}`);
  }
}

/** Refuses what may not be a member of the group. */
export function checkMember(data: Directory, group: Group, id: string): void {
  if (group.groupTypes.includes("DynamicMembership")) {
    throw badRequest(
      "Members cannot be added to or removed from a group with dynamic membership: its rule names them.",
    );
  }
  if (id === group.id) throw badRequest("A group cannot be a member of itself.");
  if (data.groups[id] === undefined) return;
  if (group.isAssignableToRole === true) throw badRequest("A group cannot be a member of a role-assignable group.");
  if (group.groupTypes.includes("Unified")) throw badRequest("A group cannot be a member of a Microsoft 365 group.");
}
