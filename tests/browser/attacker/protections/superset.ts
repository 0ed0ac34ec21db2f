import { KNOWN_KEYS } from "../attacks/passwords.ts";
import { shared } from "./fab.ts";
import type { Protection } from "./protection.ts";

const SUPERSET_CONFIG = "ConfigMap superset-config, superset_config.py";

/** Lines of Superset's configuration. */
export const superset: readonly Protection[] = [
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
    line: '"x_port": 0, "x_prefix": 0}',
    instead: '"x_port": 1, "x_prefix": 1}',
    holds: ["forged X-Forwarded-Port", "forged X-Forwarded-Prefix"],
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
