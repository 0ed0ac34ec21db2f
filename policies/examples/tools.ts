import type { Example } from "./example.ts";
import { configFile, deployment } from "./kubernetes.ts";

const metadata = { name: "openmetadata", namespace: "reports" };

/** oauth2-proxy as it ought to be, but for PKCE. */
const proxyWithoutPkce = `provider = "entra-id"
oidc_issuer_url = "https://login.microsoftonline.com/9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10/v2.0"
oidc_groups_claim = "roles"
allowed_groups = ["reader"]
session_store_type = "redis"
cookie_secure = true
cookie_refresh = "15m"
cookie_expire = "30m"
`;

const metabase = {
  MB_SITE_URL: "https://metabase.contoso.com",
  MB_DB_TYPE: "postgres",
  MB_OIDC_USER_PROVISIONING_ENABLED: "true",
  MB_ENABLE_PASSWORD_LOGIN: "false",
  MAX_SESSION_AGE: "480",
};

/** Headers that every route has. */
const filters = [
  {
    type: "RequestHeaderModifier",
    requestHeaderModifier: { set: [{ name: "X-Forwarded-Proto", value: "https" }] },
  },
  {
    type: "ResponseHeaderModifier",
    responseHeaderModifier: { set: [{ name: "Strict-Transport-Security", value: "max-age=63072000" }] },
  },
];

/** Registrations that break exactly one of the rules about tools' settings each. */
export const toolExamples: Readonly<Record<string, readonly Example[]>> = {
  "partner-no-admin": [
    configFile(
      "settings.json",
      JSON.stringify({ partners: [{ key: "acme", roles: { "acme-staff": ["Admin"] } }] }),
      "superset",
    ),
  ],
  "no-password-login": [
    configFile("webserver_config.py", "from flask_appbuilder.const import AUTH_DB\nAUTH_TYPE = AUTH_DB\n"),
  ],
  "no-shipped-defaults": [
    configFile("init.sh", "superset fab create-admin --username admin --email admin@contoso.com\n"),
  ],
  "tools-settled": [deployment({ env: Object.entries(metabase).map(([name, value]) => ({ name, value })) })],
  "session-bounded": [configFile("settings.json", JSON.stringify({ session: { lifetimeSeconds: 2_678_400 } }))],
  "tools-behind-proxy": [
    deployment({ ports: [{ containerPort: 8585 }] }),
    {
      type: "kubernetes:core/v1:Service",
      name: "openmetadata-service",
      props: {
        apiVersion: "v1",
        kind: "Service",
        metadata,
        spec: { selector: { app: "reports" }, ports: [{ port: 8585 }] },
      },
    },
    {
      type: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
      name: "openmetadata-route",
      props: {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata,
        spec: {
          parentRefs: [{ name: "public", namespace: "gateway" }],
          hostnames: ["openmetadata.contoso.com"],
          rules: [{ filters, backendRefs: [{ name: "openmetadata", port: 8585 }] }],
        },
      },
    },
  ],
  "proxy-strict": [configFile("oauth2-proxy.cfg", proxyWithoutPkce)],
};
