import { DATABRICKS } from "../../emulator/first-party.ts";
import { refTo } from "../testing.ts";

export const POLICY = refTo("azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy");
/** What a policy's id begins with. */
export const PREFIX = "/identity/conditionalAccess/policies/";

/** Everybody, with one application, by any client. */
export const conditions = (more = {}) => ({
  applications: { includedApplications: [DATABRICKS] },
  clientAppTypes: ["all"],
  users: { includedUsers: ["All"] },
  ...more,
});
export const mfa = { operator: "OR", builtInControls: ["mfa"] };
/** Inputs of a policy that asks for multifactor authentication, changed in parts. */
export const args = (more = {}) => ({
  displayName: "MFA",
  state: "enabled",
  conditions: conditions(),
  grantControls: mfa,
  ...more,
});
export const block = { operator: "OR", builtInControls: ["block"] };
export const guests = (externalTenants: object[]) => [
  { guestOrExternalUserTypes: ["b2bCollaborationGuest", "b2bCollaborationMember"], externalTenants },
];
