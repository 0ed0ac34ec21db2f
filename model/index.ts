export { type AccessMatrix, type AccessPerson, type AccessTool, accessMatrix } from "./access.ts";
export * from "./access-difference/index.ts";
export { logoutUrl, type RedirectUris, redirectUris, toolUrl } from "./callbacks.ts";
export * from "./conditional-access/declare.ts";
export * from "./conditional-access/index.ts";
export * from "./conditional-access/people.ts";
export * from "./conditional-access/targets.ts";
export { type DeclaredTool, declaredTools } from "./declared-tools.ts";
export { type DirectoryPerson, directoryPeople, userPrincipalName } from "./directory.ts";
export { type ToolSecrets, toolSecrets } from "./expiring-secrets.ts";
export { roleId, stableId } from "./ids.ts";
export {
  evaluateMembershipRule,
  MembershipRuleError,
  parseMembershipRule,
  type Rule,
  type RuleSubject,
} from "./membership-rule.ts";
export { partnersOf, type ToolPartner } from "./partners.ts";
export {
  createdCluster,
  groupOfId,
  nameOfId,
  type PlatformNames,
  platformDatabases,
  platformNames,
  postgresHost,
  redisHost,
} from "./platform.ts";
export * from "./report/index.ts";
export { type SecretLifetime, type SecretSlot, type SecretWindows, secretWindows } from "./secret-calendar.ts";
export * from "./settings/index.ts";
export type * from "./tool-contract.ts";
