import { KNOWN_KEYS, PASSWORD_FILE } from "./attacks/passwords.ts";
import { OTHER_APPLICATION } from "./attacks/tokens.ts";
import type { Target } from "./targets.ts";

/** What the removed lines' replacements are made of. */
export interface Known {
  readonly tenantId: string;
  /** Public keys in PEM: Entra's, and the attacker's. */
  readonly entraKeys: readonly string[];
  readonly attackerKey: string;
}

/** A line of what is deployed that holds attacks off. */
export interface Protection {
  readonly target: Target["id"];
  /** ConfigMap and file, HTTPRoute, or `registration`: the application in Entra. */
  readonly place: string;
  /** The line as it stands there. */
  readonly line: string;
  /** How docs/attacks.md calls it, where it is not the line that protects but what does not stand beside it. */
  readonly said?: string;
  /** What stands there once a hand removed it. For a file; the other places know themselves what to remove. */
  readonly instead?: string | ((known: Known) => string);
  /** Names of the attacks that get through once it and the others of their attack are gone. */
  readonly holds: readonly string[];
  /** Whether it is removed alone with others of this kind, after all others: without it, other attacks are not possible. */
  readonly last?: boolean;
}

const SIGNATURES = ["token signed with a foreign key", "token signed with a key of its own header"];
const FORGED = [...SIGNATURES, "token with edited roles and the old signature", "token without a signature (alg none)"];
const TOKEN_CHECKS = [
  ...FORGED,
  "token signed with Entra's public key (HS256)",
  "token of another tenant",
  "token for another application",
  "token of another sign-in (nonce)",
  "token that has expired",
];
const ELSEWHERE = "role in the access token, userinfo and the token answer";
const WITHOUT = "answer without an ID token that says who it is";
const CODE = "code of another browser with a state of one's own";

/** How Flask-AppBuilder alone reads the answer: without checking it, and here from everywhere at once. */
const UNCHECKED = `
        import jwt
        read = lambda token: jwt.decode(token, options={"verify_signature": False})
        claims = read(resp["id_token"]) if "id_token" in resp else dict(resp["userinfo"])
        userinfo = self.oauth_remotes["azure"].get("https://graph.microsoft.com/oidc/userinfo", token=resp).json()
        for place in (read(resp["access_token"]), userinfo, resp.get("userinfo") or {}):
            claims["roles"] = [*claims.get("roles", []), *place.get("roles", [])]`.trim();

/** Lines of the files that Superset and Airflow share. */
function shared(target: "superset" | "airflow", map: string): Protection[] {
  const identity = `ConfigMap ${map}, entrada_identity.py`;
  const signIn = `ConfigMap ${map}, entrada_sign_in.py`;
  return [
    {
      target,
      place: identity,
      line: '"server_metadata_url": f"{authority}/v2.0/.well-known/openid-configuration",',
      instead:
        '"access_token_url": f"{authority}/oauth2/v2.0/token", "authorize_url": f"{authority}/oauth2/v2.0/authorize",',
      holds: TOKEN_CHECKS,
    },
    {
      target,
      place: identity,
      line: '"scope": "openid profile email",',
      instead: '"scope": "profile email", "verify_signature": False,',
      holds: [...TOKEN_CHECKS, CODE],
    },
    { target, place: identity, line: '"code_challenge_method": "S256",', instead: "", holds: [CODE] },
    {
      target,
      place: signIn,
      line: 'claims = resp.get("userinfo") if "id_token" in resp else None',
      instead: UNCHECKED,
      holds: [...TOKEN_CHECKS, ELSEWHERE, WITHOUT],
    },
    {
      target,
      place: signIn,
      line: 'if claims.get("aud") != config["ENTRA_CLIENT_ID"]:',
      instead: "if False:",
      holds: ["token for another application"],
    },
    {
      target,
      place: signIn,
      line: 'if claims.get("iss") != config["ENTRA_ISSUER"] or claims.get("tid") != config["ENTRA_TENANT_ID"]:',
      instead: "if False:",
      holds: ["token of another tenant"],
    },
    {
      target,
      place: signIn,
      line: '"role_keys": [role for role in claims.get("roles", []) if ":" not in role],',
      instead: '"role_keys": [*claims.get("roles", []), *(claims.get("groups") or [])],',
      holds: ["role in the group claim"],
    },
    {
      target,
      place: signIn,
      line: "def auth_user_db(self, *_args: Any, **_options: Any) -> None:",
      instead: "def no_longer_auth_user_db(self, *_args: Any, **_options: Any) -> None:",
      holds: ["well-known names and passwords"],
    },
  ];
}

const SUPERSET_CONFIG = "ConfigMap superset-config, superset_config.py";
const AIRFLOW_CFG = "ConfigMap airflow-settings, airflow.cfg";
const PROXY_CFG = "ConfigMap reports-proxy, oauth2-proxy.cfg";
const KEYS_FOLDER = "/etc/oauth2-proxy";

const superset: readonly Protection[] = [
  ...shared("superset", "superset-config"),
  {
    target: "superset",
    place: "ConfigMap superset-config, entrada_security.py",
    line: "current_app.session_interface.regenerate(session)",
    instead: "pass",
    holds: ["session id that was known before the sign-in"],
  },
  {
    target: "superset",
    place: SUPERSET_CONFIG,
    line: "AUTH_API_LOGIN_ALLOW_MULTIPLE_PROVIDERS = False",
    instead: "AUTH_API_LOGIN_ALLOW_MULTIPLE_PROVIDERS = True",
    holds: ["well-known names and passwords"],
  },
  {
    target: "superset",
    place: SUPERSET_CONFIG,
    line: 'SECRET_KEY = _environment.secret("secret-key")',
    instead: `SECRET_KEY = "${KNOWN_KEYS[0]}"`,
    holds: ["token made with a well-known key"],
  },
  {
    target: "superset",
    place: SUPERSET_CONFIG,
    line: "AUTH_TYPE = AUTH_OAUTH",
    said: "no `FAB_SAFE_REDIRECT_HOSTS`",
    instead: 'AUTH_TYPE = AUTH_OAUTH\nFAB_SAFE_REDIRECT_HOSTS = ["*"]',
    holds: ["way to another site after the sign-in"],
  },
  {
    target: "superset",
    place: SUPERSET_CONFIG,
    line: "SESSION_COOKIE_SECURE = True",
    instead: "SESSION_COOKIE_SECURE = False",
    holds: ["session cookie over http (no Secure)"],
  },
  {
    target: "superset",
    place: SUPERSET_CONFIG,
    line: '"session_cookie_secure": True,',
    // Talisman sets the other two by itself.
    instead: '"session_cookie_secure": False, "session_cookie_http_only": False, "session_cookie_samesite": None,',
    holds: ["session cookie over http (no Secure)"],
  },
  {
    target: "superset",
    place: SUPERSET_CONFIG,
    line: "SESSION_COOKIE_HTTPONLY = True",
    instead: "SESSION_COOKIE_HTTPONLY = False",
    holds: ["session cookie for scripts (no HttpOnly)"],
  },
  {
    target: "superset",
    place: SUPERSET_CONFIG,
    line: 'SESSION_COOKIE_SAMESITE = "Lax"',
    instead: "SESSION_COOKIE_SAMESITE = None",
    holds: ["session cookie for other sites' requests (no SameSite)"],
  },
  {
    target: "superset",
    place: SUPERSET_CONFIG,
    line: "SESSION_SERVER_SIDE = True",
    instead: "SESSION_SERVER_SIDE = False",
    holds: ["session cookie of more than 4 kB"],
    last: true,
  },
  {
    // Nobody signs in while it stands and the session is in the cookie.
    target: "superset",
    place: "ConfigMap superset-config, entrada_security.py",
    line: "current_app.session_interface.regenerate(session)",
    instead: "pass",
    holds: ["session cookie of more than 4 kB"],
    last: true,
  },
];

const TOKENS = "ConfigMap airflow-config, entrada_access_tokens.py";
const APPLICATION_TOKENS = [
  "application's token signed with a foreign key",
  "application's token without a signature (alg none)",
  "application's token of another tenant",
  "application's token for another API",
];

const airflow: readonly Protection[] = [
  ...shared("airflow", "airflow-config"),
  {
    target: "airflow",
    place: "ConfigMap airflow-config, entrada_auth_manager.py",
    line: 'raise Refused("passwords are not taken")',
    instead: "return super().create_token(headers, body)",
    holds: ["well-known names and passwords"],
  },
  {
    target: "airflow",
    place: TOKENS,
    line: 'options={"require": REQUIRED},',
    instead: 'options={"verify_signature": False},',
    holds: APPLICATION_TOKENS,
  },
  {
    target: "airflow",
    place: TOKENS,
    line: 'if header.get("alg") != "RS256" or not isinstance(header.get("kid"), str):',
    instead: "if False:",
    holds: ["application's token without a signature (alg none)"],
  },
  {
    target: "airflow",
    place: TOKENS,
    line: 'if claims["tid"] != self._tenant_id:',
    instead: "if False:",
    holds: ["application's token of another tenant"],
  },
  {
    target: "airflow",
    place: TOKENS,
    line: 'if "scp" in claims or claims["sub"] != claims["oid"] or claims.get("idtyp", "app") != "app":',
    instead: "if False:",
    holds: ["person's token in an application's place"],
  },
  {
    target: "airflow",
    place: TOKENS,
    line: 'application = self._applications.get(str(claims["azp"]).lower())',
    instead: "application = next(iter(self._applications.values()))",
    holds: ["token of an application that may not trigger"],
  },
  {
    target: "airflow",
    place: TOKENS,
    line: 'if not isinstance(claims["roles"], list) or application.app_role not in claims["roles"]:',
    instead: "if False:",
    holds: ["application's token without the role"],
  },
  {
    target: "airflow",
    place: AIRFLOW_CFG,
    line: "jwt_secret_cmd = python /etc/airflow/config/entrada_values.py jwt_secret",
    instead: "jwt_secret = airflow_jwt_secret",
    holds: ["token made with a well-known key"],
  },
  {
    target: "airflow",
    place: AIRFLOW_CFG,
    line: "cookie_secure = True",
    instead: "cookie_secure = False",
    holds: ["session cookie over http (no Secure)"],
  },
  {
    target: "airflow",
    place: AIRFLOW_CFG,
    line: "cookie_samesite = Lax",
    instead: "cookie_samesite = None",
    holds: ["session cookie for other sites' requests (no SameSite)"],
  },
  {
    target: "airflow",
    place: AIRFLOW_CFG,
    line: "session_backend = database",
    instead: "session_backend = securecookie",
    holds: ["session cookie of more than 4 kB"],
  },
];

const proxy = (line: string, instead: Protection["instead"], ...holds: string[]): Protection => ({
  target: "reports",
  place: PROXY_CFG,
  line,
  instead,
  holds,
});

const reports: readonly Protection[] = [
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

/** Lines of the route, and of the registration in Entra: alike for all tools. */
function outside(target: Target["id"], route: string): Protection[] {
  const place = `HTTPRoute ${route}`;
  const identity =
    target === "reports" ? ["identity headers without a sign-in", "identity headers beside one's own session"] : [];
  return [
    { target, place, line: "requestHeaderModifier.set: X-Forwarded-Host", holds: ["forged X-Forwarded-Host"] },
    {
      target,
      place,
      line: "requestHeaderModifier.set: X-Forwarded-Proto",
      holds: ["forged X-Forwarded-Proto", "http behind the gateway"],
    },
    { target, place, line: "requestHeaderModifier.remove", holds: identity },
    {
      target,
      place,
      line: "responseHeaderModifier.set: Strict-Transport-Security",
      holds: ["http before the gateway (no HSTS)"],
    },
    { target, place: "registration", line: "web.redirectUris", holds: ["redirect URI of the attacker's"] },
    { target, place: "registration", line: "federatedIdentityCredentials[].subject", holds: ["another pod's token"] },
  ];
}

/** Every line that holds an attack off, by tool. */
export const PROTECTIONS: readonly Protection[] = [
  ...superset,
  ...outside("superset", "superset"),
  ...airflow,
  ...outside("airflow", "airflow"),
  ...reports,
  ...outside("reports", "reports"),
];

/** Attacks that no line of the settings lets in, and what holds them instead. */
export const FIRM: Readonly<Record<Target["id"], Readonly<Record<string, string>>>> = (() => {
  const everywhere = {
    "role asked for in the authorize request": "Entra gives roles by assignment and ignores the wish",
    "callback of another browser": "the state is bound to the browser that began, by the tool's library",
    "callback that was used already":
      "the tool's library forgets the state, and Entra the code (AADSTS54005), at the first use",
    "state that was edited": "the state is bound to the browser that began, by the tool's library",
  };
  const fab = {
    ...everywhere,
    "identity headers without a sign-in": "nothing in the tool reads such headers with AUTH_TYPE = AUTH_OAUTH",
    "identity headers beside one's own session": "nothing in the tool reads such headers with AUTH_TYPE = AUTH_OAUTH",
    "Entra's token for another application as a bearer":
      "the tool's API takes tokens of its own making alone (HS256, HS512)",
  };
  return {
    superset: fab,
    airflow: {
      ...fab,
      "session cookie for scripts (no HttpOnly)": "Airflow sets HttpOnly itself and has no option for it",
      "way to another site after the sign-in": "Airflow leads to its own host alone and has no option for it",
      "session id that was known before the sign-in": "Airflow gives the session a new id at each sign-in",
    },
    reports: {
      ...everywhere,
      "token with edited roles and the old signature": "go-oidc always checks signatures",
      "token without a signature (alg none)": "go-oidc takes RS256 alone",
      "token signed with Entra's public key (HS256)": "go-oidc takes RS256 alone",
      "token that has expired": "go-oidc always checks the time",
      [WITHOUT]: "oauth2-proxy demands an ID token and reads nothing else of the answer",
      "session id that was known before the sign-in": "there is no session before the sign-in, and its key is new",
    },
  };
})();
