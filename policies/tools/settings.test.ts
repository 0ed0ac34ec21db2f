import { describe, expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages, type Sample } from "../testing/harness.ts";
import { noPasswordLogin } from "./no-password-login.ts";
import { noShippedDefaults } from "./no-shipped-defaults.ts";
import { partnerNoAdmin } from "./partner-no-admin.ts";
import { sessionBounded } from "./session-bounded.ts";

const map = (data: object, namespace: unknown = "superset"): Sample => ({
  type: "kubernetes:core/v1:ConfigMap",
  props: { metadata: { name: "settings", namespace }, data },
});
const pod = (env: Readonly<Record<string, unknown>>, container: object = {}): Sample => ({
  type: "kubernetes:apps/v1:Deployment",
  props: {
    spec: {
      template: {
        spec: {
          containers: [
            { env: [unknownText, ...Object.entries(env).map(([name, value]) => ({ name, value }))], ...container },
          ],
        },
      },
    },
  },
});
const lines = (...text: string[]) => `${text.join("\n")}\n`;

const goodSuperset = lines(
  'SECRET_KEY = _environment.secret("secret-key")',
  "AUTH_TYPE = AUTH_OAUTH",
  'AUTH_USER_REGISTRATION_ROLE = ""',
  "AUTH_API_LOGIN_ALLOW_MULTIPLE_PROVIDERS = False",
  "SESSION_COOKIE_SECURE = True",
  'PERMANENT_SESSION_LIFETIME = timedelta(seconds=_settings["session"]["lifetimeSeconds"])',
);
const goodAirflow = lines(
  "[core]",
  "auth_manager = entrada_auth_manager.EntradaAuthManager",
  "[api_auth]",
  "jwt_expiration_time = 28800",
  "[fab]",
  "session_max_lifetime_minutes = 480",
  "cookie_secure = True",
);
const goodOpenMetadata = {
  authenticationConfiguration: { provider: "azure", sessionExpiry: 28_800 },
  authorizerConfiguration: { adminPrincipals: ["entrada-operator"] },
  jwtTokenConfiguration: {
    rsaprivateKeyFilePath: "/mnt/secrets/key.der",
    jwtissuer: "https://om.contoso.com",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: OpenMetadata puts the variable's value in
    keyId: "${JWT_KEY_ID}",
  },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
  fernetConfiguration: { fernetKey: "${FERNET_KEY}" },
};
const openMetadata = (changes: object = {}) =>
  map({ "openmetadata.json": JSON.stringify({ ...goodOpenMetadata, ...changes }) });
const metabase = (changes: Readonly<Record<string, unknown>> = {}) =>
  pod({
    MB_SITE_URL: "https://metabase.contoso.com",
    MB_DB_TYPE: "postgres",
    MB_OIDC_ALLOWED_NETWORKS: "external-only",
    MB_ENABLE_PASSWORD_LOGIN: "false",
    MAX_SESSION_AGE: "480",
    ...changes,
  });

const good: readonly (readonly [string, Sample])[] = [
  ["Superset", map({ "superset_config.py": goodSuperset, "settings.json": '{"session":{"lifetimeSeconds":28800}}' })],
  ["Airflow", map({ "airflow.cfg": goodAirflow, "webserver_config.py": "AUTH_TYPE = AUTH_OAUTH\n" })],
  [
    "Airflow's workers, which serve nobody",
    map({ "worker.cfg": "[core]\nauth_manager = entrada_auth_manager.EntradaAuthManager\n" }),
  ],
  ["OpenMetadata", openMetadata()],
  [
    "OpenMetadata, confidential",
    openMetadata({
      authenticationConfiguration: { provider: "azure", sessionExpiry: 60, oidcConfiguration: { sessionExpiry: 60 } },
    }),
  ],
  ["Metabase", metabase()],
  [
    "Metabase with what is not known yet",
    metabase({ MB_DB_TYPE: unknownText, MB_ENABLE_PASSWORD_LOGIN: unknownText, MAX_SESSION_AGE: unknownText }),
  ],
  ["open-source Metabase, which others look at", pod({ MB_DB_TYPE: "postgres", MAX_SESSION_AGE: "60" })],
  ["something else", map({ "settings.json": "no JSON", "other.py": 'SECRET_KEY = "x"', late: unknownText })],
];

describe.each(good)("%s as Entrada sets it", (_, sample) => {
  it.each([noShippedDefaults, noPasswordLogin, sessionBounded])("meets $text.name", (rule) => {
    expect(messages(rule, sample)).toEqual([]);
  });
});

describe("no-shipped-defaults refuses", () => {
  const run = (sample: Sample) => messages(noShippedDefaults, sample);

  it.each<[string, Sample, string]>([
    [
      "Superset's key in a file",
      map({ "x.py": "K = 'thisISaSECRET_1234'" }),
      'data["x.py"] is the secret key of Superset',
    ],
    ["Superset's key in the environment", pod({ KEY: "TEST_NON_DEV_SECRET" }), "env[1].value"],
    [
      "any key in Superset's file",
      map({ "superset_config.py": 'SECRET_KEY = "mine"' }),
      "SECRET_KEY is a text in the file",
    ],
    [
      "a password user, by script",
      map({ "init.sh": "superset fab create-admin --username admin" }),
      "`fab create-admin`",
    ],
    [
      "a password user, by command",
      pod({}, { command: ["airflow", "users"], args: ["create", "--role", "Admin"] }),
      "`airflow users create`",
    ],
    ["a password user, by image", pod({ _AIRFLOW_WWW_USER_CREATE: "True" }), "env[1].value is true"],
    [
      "Airflow's simple manager",
      pod({
        AIRFLOW__CORE__AUTH_MANAGER: "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
      }),
      "admin:admin",
    ],
    ["Airflow's manager by default", map({ "airflow.cfg": "[api]\nport = 8080\n" }), "not set (SimpleAuthManager"],
    [
      "everybody as an administrator",
      pod({ AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: "True" }),
      "everybody is an administrator",
    ],
    [
      "OpenMetadata's issuer",
      openMetadata({ jwtTokenConfiguration: { jwtissuer: "open-metadata.org" } }),
      'jwtissuer is "open-metadata.org"',
    ],
    [
      "OpenMetadata's key pair",
      openMetadata({ jwtTokenConfiguration: { rsaprivateKeyFilePath: "./conf/private_key.der" } }),
      "the shipped key pair",
    ],
    [
      "OpenMetadata's key id",
      openMetadata({ jwtTokenConfiguration: { keyId: "Gb389a-9f76-gdjs-a92j-0242bk94356" } }),
      "the key id of OpenMetadata's",
    ],
    [
      "OpenMetadata's Fernet key",
      pod({ FERNET_KEY: "jJ/9sz0g0OHxsfxOoSfdFdmk3ysNmPRnH3TUAbz3IHA=" }),
      "shipped Fernet key",
    ],
    [
      "OpenMetadata's administrator",
      openMetadata({ authorizerConfiguration: { adminPrincipals: ["x", "admin"] } }),
      'adminPrincipals is "admin"',
    ],
    [
      "the same in the environment",
      pod({ AUTHORIZER_ADMIN_PRINCIPALS: "[admin@open-metadata.org]" }),
      "admin@open-metadata.org",
    ],
    [
      "Metabase's file database",
      pod({ MB_SITE_URL: "https://m.contoso.com", MB_DB_TYPE: "h2" }),
      '"h2" (a file in the pod)',
    ],
    ["Metabase without a database", pod({ MB_SITE_URL: "https://m.contoso.com" }), "without MB_DB_TYPE"],
  ])("%s", (_, sample, wanted) => {
    expect(run(sample)).toEqual([expect.stringContaining(wanted)]);
  });

  it("and does not show the key", () => {
    expect(run(map({ "superset_config.py": 'SECRET_KEY = "my-own-key"' })).join()).not.toContain("my-own-key");
  });
});

describe("no-password-login refuses", () => {
  it.each<[string, Sample, string]>([
    [
      "another way in of Superset",
      map({ "superset_config.py": goodSuperset.replace("AUTH_OAUTH", "AUTH_DB") }),
      "AUTH_TYPE is AUTH_DB",
    ],
    [
      "Flask-AppBuilder's default",
      map({ "webserver_config.py": "OAUTH_PROVIDERS = []" }),
      "AUTH_TYPE is not set (passwords)",
    ],
    [
      "passwords at the API",
      map({ "superset_config.py": goodSuperset.replace("PROVIDERS = False", "PROVIDERS = True") }),
      "MULTIPLE_PROVIDERS is True",
    ],
    [
      "rights without a sign-in",
      map({ "superset_config.py": `${goodSuperset}AUTH_ROLE_PUBLIC = "Admin"\n` }),
      'AUTH_ROLE_PUBLIC is "Admin"',
    ],
    [
      "Airflow's own FAB manager",
      pod({ AIRFLOW__CORE__AUTH_MANAGER: "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager" }),
      "takes passwords at /auth/token",
    ],
    [
      "OpenMetadata's passwords",
      openMetadata({ authenticationConfiguration: { provider: "basic", sessionExpiry: 60 } }),
      'provider is "basic"',
    ],
    [
      "OpenMetadata's default",
      openMetadata({ authenticationConfiguration: { sessionExpiry: 60 } }),
      "provider is not set",
    ],
    ["the same in the environment", pod({ AUTHENTICATION_PROVIDER: "ldap" }), '"ldap"'],
    [
      "Metabase's passwords beside Entra",
      metabase({ MB_ENABLE_PASSWORD_LOGIN: "true" }),
      'is "true"; wanted: MB_ENABLE_PASSWORD_LOGIN "false"',
    ],
    [
      "Metabase's default",
      pod({ MB_DB_TYPE: "postgres", MB_SAML_ENABLED: "true" }),
      "without MB_ENABLE_PASSWORD_LOGIN",
    ],
  ])("%s", (_, sample, wanted) => {
    expect(messages(noPasswordLogin, sample)).toEqual([expect.stringContaining(wanted)]);
  });
});

describe("session-bounded refuses", () => {
  it.each<[string, Sample, string]>([
    [
      "a day of Superset",
      map({ "settings.json": '{"session":{"lifetimeSeconds":86400}}' }),
      "lifetimeSeconds is 24h; wanted: at most 8h",
    ],
    ["a number that is none", map({ "settings.json": '{"session":{"lifetimeSeconds":"long"}}' }), "no length of time"],
    ["Superset's default", map({ "superset_config.py": "SESSION_COOKIE_SECURE = True\n" }), "not set (31 days)"],
    [
      "a month of Superset",
      map({ "superset_config.py": "SESSION_COOKIE_SECURE = True\nPERMANENT_SESSION_LIFETIME = timedelta(days=31)\n" }),
      "744h",
    ],
    [
      "cookies in clear",
      map({ "superset_config.py": "PERMANENT_SESSION_LIFETIME = timedelta(hours=8)\n" }),
      "SESSION_COOKIE_SECURE is not set",
    ],
    [
      "Airflow's endless sessions",
      map({ "airflow.cfg": goodAirflow.replace("= 480", "= 0") }),
      "session_max_lifetime_minutes is no length",
    ],
    [
      "Airflow's default",
      map({ "airflow.cfg": goodAirflow.replace("session_max_lifetime_minutes = 480\n", "") }),
      "no end while it is used",
    ],
    ["a day of Airflow's tokens", pod({ AIRFLOW__API_AUTH__JWT_EXPIRATION_TIME: "86400" }), "env[1].value is 24h"],
    [
      "Airflow's cookies in clear",
      map({ "airflow.cfg": goodAirflow.replace("cookie_secure = True", "cookie_secure = False") }),
      "cookie_secure is False",
    ],
    [
      "OpenMetadata's default",
      openMetadata({ authenticationConfiguration: { provider: "azure" } }),
      "not set (7 days)",
    ],
    ["Metabase's default", pod({ MB_DB_TYPE: "postgres" }), "not set (14 days)"],
    ["a week of Metabase", metabase({ MAX_SESSION_AGE: "10080" }), "is 168h"],
    [
      "a proxy that never asks again",
      map({ "oauth2-proxy.cfg": 'cookie_expire = "8h"\n' }),
      "cookie_refresh is not set (Entra is never asked again)",
    ],
    [
      "a proxy that asks too late",
      map({ "oauth2-proxy.cfg": 'cookie_refresh = "90m"\ncookie_expire = "8h"\n' }),
      "cookie_refresh is 1h 30m; wanted: at most 1h",
    ],
    [
      "a week of the proxy",
      map({ "oauth2-proxy.cfg": 'cookie_refresh = "30m"\ncookie_expire = "168h"\n' }),
      "cookie_expire is 168h",
    ],
    [
      "a federated proxy that lets a refused renewal pass for too long",
      map({
        "oauth2-proxy.cfg": 'entra_id_federated_token_auth = true\ncookie_refresh = "30m"\ncookie_expire = "8h"\n',
      }),
      "cookie_expire is 8h; wanted: at most 30m",
    ],
    [
      "what is no duration",
      map({ "oauth2-proxy.cfg": 'cookie_refresh = "soon"\ncookie_expire = "8h"\n' }),
      "cookie_refresh is no length of time",
    ],
  ])("%s", (_, sample, wanted) => {
    expect(messages(sessionBounded, sample)).toEqual([expect.stringContaining(wanted)]);
  });

  it("by the bounds of the settings", () => {
    const bounds = { maxSeconds: 3600, revocationSeconds: 300 };
    const proxy = map({ "oauth2-proxy.cfg": 'cookie_refresh = "10m"\ncookie_expire = "2h"\n' });
    expect(messages(sessionBounded, proxy, bounds)).toHaveLength(2);
    expect(messages(sessionBounded, metabase(), bounds)).toHaveLength(1);
    expect(messages(sessionBounded, metabase({ MAX_SESSION_AGE: "60" }), bounds)).toEqual([]);
  });
});

describe("partner-no-admin", () => {
  const config = { adminRoles: { superset: ["Admin"], airflow: ["Admin", "Op"] } };
  const run = (sample: Sample) => messages(partnerNoAdmin, sample, config);
  const mapping = (roles: object, namespace?: unknown) =>
    map(
      { "settings.json": JSON.stringify({ roles: { Admin: ["Admin"] }, partners: [{ key: "acme", roles }] }) },
      namespace,
    );
  const gate = (role: string) =>
    map({
      "provider.yaml": JSON.stringify({
        providers: [{ id: "acme" }],
        injectRequestHeaders: [
          { name: "X-Forwarded-User", values: [{ claim: "user" }] },
          { name: "X-Forwarded-Groups", values: [{ value: role }] },
        ],
      }),
    });

  it("accepts other roles, the company's own admins, and roles that are another tool's admins", () => {
    expect(run(mapping({ "acme-staff": ["Gamma"] }))).toEqual([]);
    expect(run(mapping({ "acme-staff": ["Op"] }))).toEqual([]);
    expect(run(map({ "settings.json": "{}" }))).toEqual([]);
    expect(run(gate("Gamma"))).toEqual([]);
  });

  it("refuses an admin role among others, and says where", () => {
    expect(run(mapping({ "acme-staff": ["Gamma", "Admin"] }))).toEqual([
      expect.stringContaining('data["settings.json"] partners[0].roles["acme-staff"] is the admin role "Admin"'),
    ]);
    expect(run(gate("Admin"))).toEqual([expect.stringContaining("injectRequestHeaders[1].values[0].value")]);
  });

  it("counts every tool's admin roles while the namespace is not known", () => {
    expect(run(mapping({ "acme-staff": ["Op"] }, unknownText))).toHaveLength(1);
  });
});
