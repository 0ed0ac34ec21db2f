import { kvGuarded } from "./azure/kv-guarded.ts";
import type { Rule } from "./core/rule.ts";
import { appSecretLifetime } from "./entra/app-secret-lifetime.ts";
import { appSingleTenant } from "./entra/app-single-tenant.ts";
import { consentMinimal } from "./entra/consent-minimal.ts";
import { ficStrict } from "./entra/fic-strict.ts";
import { noDefaultAccessRole } from "./entra/no-default-access-role.ts";
import { noGroupClaims } from "./entra/no-group-claims.ts";
import { redirectExact } from "./entra/redirect-exact.ts";
import { redirectHttps } from "./entra/redirect-https.ts";
import { redirectOnePlatform } from "./entra/redirect-one-platform.ts";
import { spAssignmentRequired } from "./entra/sp-assignment-required.ts";
import { spaXorSecret } from "./entra/spa-xor-secret.ts";
import { imagePinned } from "./kubernetes/image-pinned.ts";
import { noSecretValue } from "./kubernetes/no-secret-value.ts";
import { podRestricted } from "./kubernetes/pod-restricted.ts";

/** Every rule of the pack, in the order of docs/policies.md. */
export const rules: readonly Rule[] = [
  redirectHttps,
  redirectExact,
  redirectOnePlatform,
  appSingleTenant,
  spaXorSecret,
  appSecretLifetime,
  noGroupClaims,
  ficStrict,
  spAssignmentRequired,
  noDefaultAccessRole,
  consentMinimal,
  kvGuarded,
  imagePinned,
  podRestricted,
  noSecretValue,
];
