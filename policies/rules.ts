import { kvGuarded } from "./azure/kv-guarded.ts";
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
import { egressNamed } from "./kubernetes/egress-named.ts";
import { imagePinned } from "./kubernetes/image-pinned.ts";
import { networkDefaultDeny } from "./kubernetes/network-default-deny.ts";
import { noHttpUrls } from "./kubernetes/no-http-urls.ts";
import { noSecretValue } from "./kubernetes/no-secret-value.ts";
import { podRestricted } from "./kubernetes/pod-restricted.ts";
import { routesBehindTls } from "./kubernetes/routes-behind-tls.ts";
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
  noPasswordLogin,
  noShippedDefaults,
  toolsSettled,
  sessionBounded,
  toolsBehindProxy,
  proxyStrict,
  databricksNoTokens,
  databricksClosed,
  kvGuarded,
  imagePinned,
  podRestricted,
  noSecretValue,
  routesBehindTls,
  noHttpUrls,
  egressNamed,
  networkDefaultDeny,
];
