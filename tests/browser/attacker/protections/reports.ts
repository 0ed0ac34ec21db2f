import { PASSWORD_FILE } from "../attacks/passwords.ts";
import { OTHER_APPLICATION } from "../attacks/tokens.ts";
import { CODE, ELSEWHERE, SIGNATURES } from "./names.ts";
import type { Known, Protection } from "./protection.ts";

const PROXY_CFG = "ConfigMap reports-proxy, oauth2-proxy.cfg";
const KEYS_FOLDER = "/etc/oauth2-proxy";

const proxy = (line: string, instead: Protection["instead"], ...holds: string[]): Protection => ({
  target: "reports",
  place: PROXY_CFG,
  line,
  instead,
  holds,
});

/** Lines of the proxy's configuration. */
export const reports: readonly Protection[] = [
  // The discovery document of the issuer says whose keys count. By hand, any keys may be named.
  {
    ...proxy("oidc_issuer_url = ", withOwnKeys, ...SIGNATURES),
    said: "`oidc_issuer_url`, whose keys alone count",
  },
  {
    ...proxy(
      "entra_id_allowed_tenants = ",
      "insecure_oidc_skip_issuer_verification = true\n# ",
      "token of another tenant",
    ),
    said: "`entra_id_allowed_tenants`, no `insecure_oidc_skip_issuer_verification`",
  },
  {
    ...proxy(
      'provider = "entra-id"',
      `provider = "entra-id"\noidc_extra_audiences = ["${OTHER_APPLICATION}"]`,
      "token for another application",
    ),
    said: "no `oidc_extra_audiences`",
  },
  proxy('code_challenge_method = "S256"', "", CODE),
  proxy('oidc_groups_claim = "roles"', 'oidc_groups_claim = "groups"', "role in the group claim"),
  proxy("skip_claims_from_profile_url = true", "skip_claims_from_profile_url = false", ELSEWHERE),
  proxy(
    'whitelist_domains = ["login.microsoftonline.com"]',
    'whitelist_domains = [".example"]',
    "way to another site after the sign-in",
  ),
  {
    ...proxy("redirect_url = ", "# ", "forged X-Forwarded-Host", "forged X-Forwarded-Proto", "http behind the gateway"),
    said: "`redirect_url`",
  },
  {
    ...proxy(
      "pass_basic_auth = false",
      `pass_basic_auth = false\nhtpasswd_file = "${KEYS_FOLDER}/htpasswd"\nhtpasswd_user_groups = ["Author"]`,
      "well-known names and passwords",
    ),
    said: "no `htpasswd_file`",
  },
  {
    ...proxy(
      "skip_auth_strip_headers = true",
      'skip_auth_strip_headers = false\nskip_auth_routes = ["^/health$"]',
      "identity headers without a sign-in",
      "identity headers beside one's own session",
    ),
    said: "`skip_auth_strip_headers = true`, no `skip_auth_routes`",
  },
  {
    ...proxy(
      "pass_access_token = false",
      "pass_access_token = false\nskip_jwt_bearer_tokens = true",
      "Entra's token for another application as a bearer",
    ),
    said: "no `skip_jwt_bearer_tokens`",
  },
  proxy(
    'cookie_name = "__Host-reports-proxy"',
    'cookie_name = "reports-proxy"',
    "session cookie over http (no Secure)",
  ),
  proxy(
    "cookie_secure = true",
    "cookie_secure = false",
    "session cookie over http (no Secure)",
    "http behind the gateway",
  ),
  proxy("cookie_httponly = true", "cookie_httponly = false", "session cookie for scripts (no HttpOnly)"),
  proxy('cookie_samesite = "lax"', 'cookie_samesite = ""', "session cookie for other sites' requests (no SameSite)"),
  proxy('session_store_type = "redis"', 'session_store_type = "cookie"', "session cookie of more than 4 kB"),
];

/** Files that the removed lines name. */
export function addedFiles({ entraKeys, attackerKey }: Known): Record<string, string> {
  const keys = entraKeys.map((key, index) => [`entra-${index}.pem`, key]);
  return { ...Object.fromEntries(keys), "attacker.pem": attackerKey, htpasswd: PASSWORD_FILE };
}

function withOwnKeys({ tenantId, entraKeys }: Known): string {
  const oauth = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0`;
  const files = [...entraKeys.map((_, index) => `entra-${index}.pem`), "attacker.pem"];
  return [
    "skip_oidc_discovery = true",
    `login_url = "${oauth}/authorize"`,
    `redeem_url = "${oauth}/token"`,
    'profile_url = "https://graph.microsoft.com/oidc/userinfo"',
    `oidc_public_key_files = ${JSON.stringify(files.map((file) => `${KEYS_FOLDER}/${file}`))}`,
    "oidc_issuer_url = ",
  ].join("\n");
}
