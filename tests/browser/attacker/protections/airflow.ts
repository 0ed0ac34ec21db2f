import { shared } from "./fab.ts";
import type { Protection } from "./protection.ts";

const AIRFLOW_CFG = "ConfigMap airflow-settings, airflow.cfg";
const TOKENS = "ConfigMap airflow-config, entrada_access_tokens.py";
const APPLICATION_TOKENS = [
  "application's token signed with a foreign key",
  "application's token without a signature (alg none)",
  "application's token of another tenant",
  "application's token for another API",
];

/** Lines of Airflow's configuration. */
export const airflow: readonly Protection[] = [
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
    line: "proxy_fix_x_port = 0",
    instead: "proxy_fix_x_port = 1",
    holds: ["forged X-Forwarded-Port"],
  },
  {
    target: "airflow",
    place: AIRFLOW_CFG,
    line: "proxy_fix_x_prefix = 0",
    instead: "proxy_fix_x_prefix = 1",
    holds: ["forged X-Forwarded-Prefix"],
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
