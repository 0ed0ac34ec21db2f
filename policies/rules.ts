import { aksApiClosed } from "./aks/aks-api-closed.ts";
import { aksEntraOnly } from "./aks/aks-entra-only.ts";
import { aksNetworkPolicy } from "./aks/aks-network-policy.ts";
import { aksNodesHardened } from "./aks/aks-nodes-hardened.ts";
import { aksPoolsApart } from "./aks/aks-pools-apart.ts";
import { aksUpgrades } from "./aks/aks-upgrades.ts";
import { aksVaultSecrets } from "./aks/aks-vault-secrets.ts";
import { aksWatched } from "./aks/aks-watched.ts";
import { aksWorkloadIdentity } from "./aks/aks-workload-identity.ts";
import { diagnosticsKept } from "./azure/diagnostics-kept.ts";
import { dnsCaa } from "./azure/dns-caa.ts";
import { kvDoorsClosed } from "./azure/kv-doors-closed.ts";
import { kvGuarded } from "./azure/kv-guarded.ts";
import { logsLast } from "./azure/logs-last.ts";
import { nsgNoOpenPorts } from "./azure/nsg-no-open-ports.ts";
import { privateEndpointsComplete } from "./azure/private-endpoints-complete.ts";
import { rolesNarrow } from "./azure/roles-narrow.ts";
import { statefulProtected } from "./azure/stateful-protected.ts";
import { subnetGuarded } from "./azure/subnet-guarded.ts";
import { caAdminsPhishingResistant } from "./conditional-access/ca-admins-phishing-resistant.ts";
import { caAllClientTypes } from "./conditional-access/ca-all-client-types.ts";
import { caBlockLegacy } from "./conditional-access/ca-block-legacy.ts";
import { caClientIds } from "./conditional-access/ca-client-ids.ts";
import { caExcludesBreakGlass } from "./conditional-access/ca-excludes-break-glass.ts";
import { caExclusionHasFallback } from "./conditional-access/ca-exclusion-has-fallback.ts";
import { caGroupsProtected } from "./conditional-access/ca-groups-protected.ts";
import { caGuestsMfa } from "./conditional-access/ca-guests-mfa.ts";
import { caHasTarget } from "./conditional-access/ca-has-target.ts";
import { caMfaEveryTool } from "./conditional-access/ca-mfa-every-tool.ts";
import { caNoApprovedAppGrant } from "./conditional-access/ca-no-approved-app-grant.ts";
import { caNoBareAll } from "./conditional-access/ca-no-bare-all.ts";
import { caOperatorAnd } from "./conditional-access/ca-operator-and.ts";
import { caReferencesExist } from "./conditional-access/ca-references-exist.ts";
import { caReportOnlyFirst } from "./conditional-access/ca-report-only-first.ts";
import { caRiskSeparate } from "./conditional-access/ca-risk-separate.ts";
import { caSessionBounded } from "./conditional-access/ca-session-bounded.ts";
import { caStrengthXorMfa } from "./conditional-access/ca-strength-xor-mfa.ts";
import { caTrustedLocations } from "./conditional-access/ca-trusted-locations.ts";
import type { Rule } from "./core/rule.ts";
import { databricksClosed } from "./databricks/databricks-closed.ts";
import { databricksNoTokens } from "./databricks/databricks-no-tokens.ts";
import { adminRoleGuarded } from "./entra/admin-role-guarded.ts";
import { appPermissionsMinimal } from "./entra/app-permissions-minimal.ts";
import { appSecretLifetime } from "./entra/app-secret-lifetime.ts";
import { appSingleTenant } from "./entra/app-single-tenant.ts";
import { consentMinimal } from "./entra/consent-minimal.ts";
import { ficStrict } from "./entra/fic-strict.ts";
import { noDefaultAccessRole } from "./entra/no-default-access-role.ts";
import { noGroupClaims } from "./entra/no-group-claims.ts";
import { privilegedNotNested } from "./entra/privileged-not-nested.ts";
import { redirectExact } from "./entra/redirect-exact.ts";
import { redirectHttps } from "./entra/redirect-https.ts";
import { redirectOnePlatform } from "./entra/redirect-one-platform.ts";
import { secretPair } from "./entra/secret-pair.ts";
import { spAssignmentRequired } from "./entra/sp-assignment-required.ts";
import { spaXorSecret } from "./entra/spa-xor-secret.ts";
import { accountOwn } from "./kubernetes/account-own.ts";
import { containerBounded } from "./kubernetes/container-bounded.ts";
import { disruptionAllowed } from "./kubernetes/disruption-allowed.ts";
import { egressNamed } from "./kubernetes/egress-named.ts";
import { imagePinned } from "./kubernetes/image-pinned.ts";
import { namespaceRestricted } from "./kubernetes/namespace-restricted.ts";
import { networkDefaultDeny } from "./kubernetes/network-default-deny.ts";
import { noDefaultNamespace } from "./kubernetes/no-default-namespace.ts";
import { noHttpUrls } from "./kubernetes/no-http-urls.ts";
import { noSecretValue } from "./kubernetes/no-secret-value.ts";
import { podRestricted } from "./kubernetes/pod-restricted.ts";
import { rbacLeast } from "./kubernetes/rbac-least.ts";
import { routesBehindTls } from "./kubernetes/routes-behind-tls.ts";
import { pgEntra } from "./postgresql/pg-entra.ts";
import { pgPrivate } from "./postgresql/pg-private.ts";
import { pgRecoverable } from "./postgresql/pg-recoverable.ts";
import { pgTls } from "./postgresql/pg-tls.ts";
import { redisClosed } from "./redis/redis-closed.ts";
import { storageClosed } from "./storage/storage-closed.ts";
import { storageRecoverable } from "./storage/storage-recoverable.ts";
import { noPasswordLogin } from "./tools/no-password-login.ts";
import { noShippedDefaults } from "./tools/no-shipped-defaults.ts";
import { partnerNoAdmin } from "./tools/partner-no-admin.ts";
import { proxyStrict } from "./tools/proxy-strict.ts";
import { sessionBounded } from "./tools/session-bounded.ts";
import { toolsBehindProxy } from "./tools/tools-behind-proxy.ts";
import { toolsSettled } from "./tools/tools-settled.ts";

/** Every rule of the pack, in the order of docs/policies.md. */
export const rules: readonly Rule[] = [
  redirectHttps,
  redirectExact,
  redirectOnePlatform,
  appSingleTenant,
  spaXorSecret,
  appSecretLifetime,
  secretPair,
  noGroupClaims,
  ficStrict,
  spAssignmentRequired,
  noDefaultAccessRole,
  consentMinimal,
  appPermissionsMinimal,
  adminRoleGuarded,
  privilegedNotNested,
  partnerNoAdmin,
  caExcludesBreakGlass,
  caGroupsProtected,
  caReportOnlyFirst,
  caHasTarget,
  caReferencesExist,
  caClientIds,
  caNoBareAll,
  caMfaEveryTool,
  caGuestsMfa,
  caAdminsPhishingResistant,
  caBlockLegacy,
  caExclusionHasFallback,
  caOperatorAnd,
  caAllClientTypes,
  caStrengthXorMfa,
  caRiskSeparate,
  caNoApprovedAppGrant,
  caSessionBounded,
  caTrustedLocations,
  noPasswordLogin,
  noShippedDefaults,
  toolsSettled,
  sessionBounded,
  toolsBehindProxy,
  proxyStrict,
  databricksNoTokens,
  databricksClosed,
  kvGuarded,
  kvDoorsClosed,
  nsgNoOpenPorts,
  subnetGuarded,
  privateEndpointsComplete,
  aksEntraOnly,
  aksApiClosed,
  aksNetworkPolicy,
  aksWorkloadIdentity,
  aksVaultSecrets,
  aksUpgrades,
  aksWatched,
  aksNodesHardened,
  aksPoolsApart,
  pgEntra,
  pgPrivate,
  pgTls,
  pgRecoverable,
  redisClosed,
  storageClosed,
  storageRecoverable,
  rolesNarrow,
  diagnosticsKept,
  logsLast,
  statefulProtected,
  dnsCaa,
  imagePinned,
  podRestricted,
  containerBounded,
  accountOwn,
  namespaceRestricted,
  noDefaultNamespace,
  rbacLeast,
  noSecretValue,
  routesBehindTls,
  noHttpUrls,
  egressNamed,
  networkDefaultDeny,
  disruptionAllowed,
];
