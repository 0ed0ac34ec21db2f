import { describe, expect, it } from "vitest";
import type { ToolPartner } from "../../model/partners.ts";
import { isSecretValue, type Run, runProgram, settled } from "../testing/mocks.ts";
import { TEST_NOW, TEST_TENANT, testEnvironment } from "../testing/tool-environment.ts";
import type { ToolEnvironment } from "../tools/environment.ts";
import { IdentityProxy, type IdentityProxyArgs, proxyTraffic } from "./identity-proxy.ts";

const MAP = "kubernetes:core/v1:ConfigMap";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

const acme: ToolPartner = {
  key: "acme",
  displayName: "Acme",
  issuer: "https://acme.okta.com/oauth2/default",
  clientId: "0oa1acmereports",
  clientSecretName: "acme-reports-client-secret",
  groupsClaim: "groups",
  access: { reader: ["acme-viewers", "acme-guests"] },
};

interface Options {
  readonly args?: Partial<IdentityProxyArgs>;
  readonly environment?: Partial<ToolEnvironment>;
  readonly now?: Date;
  readonly preview?: boolean;
}

async function create({ args = {}, environment = {}, now = TEST_NOW, preview = false }: Options = {}): Promise<Run> {
  let proxy: IdentityProxy | undefined;
  const run = await runProgram(
    () => {
      proxy = new IdentityProxy("reports-proxy", {
        tool: "reports",
        namespace: "reports",
        namespaceName: "reports",
        host: "reports.data.contoso.com",
        environment: testEnvironment(environment, now),
        clientId: "client-of-reports",
        allowedRoles: ["reader", "publisher"],
        upstream: { service: "reports", port: 80 },
        ...args,
      });
    },
    { preview },
  );
  if (proxy === undefined) throw new Error("no proxy was made");
  expect([await settled(proxy.service), await settled(proxy.serviceAccount), proxy.port]).toEqual([
    "reports-proxy",
    "reports-proxy",
    80,
  ]);
  return run;
}

function files(run: Run, name = "reports-proxy-config"): Record<string, string> {
  return run.find(MAP, name).inputs.data as Record<string, string>;
}

interface PodSpec {
  readonly containers: [{ command: string[]; env: { name: string; value: string }[] }];
  readonly volumes: { name: string }[];
}

function podSpec(run: Run, name = "reports-proxy"): PodSpec {
  return (run.find(DEPLOYMENT, name).inputs.spec as { template: { spec: PodSpec } }).template.spec;
}

describe("IdentityProxy", () => {
  it("registers exactly this for one proxy", async () => {
    const { counts } = await create();
    const shared = testCounts();
    expect(minus(counts(), shared)).toEqual({
      "azure-native:keyvault:Secret": 2,
      "azure-native:managedidentity:UserAssignedIdentity": 1,
      "azure-native:managedidentity:FederatedIdentityCredential": 1,
      "azure-native:authorization:RoleAssignment": 2,
      "random:index/randomPassword:RandomPassword": 2,
      "kubernetes:core/v1:ServiceAccount": 1,
      "kubernetes:core/v1:ConfigMap": 1,
      "kubernetes:core/v1:Service": 1,
      "kubernetes:apps/v1:Deployment": 1,
      "kubernetes:policy/v1:PodDisruptionBudget": 1,
      "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass": 1,
    });
  });

  it("writes this configuration, known in a preview too", async () => {
    const [update, preview] = [files(await create()), files(await create({ preview: true }))];
    expect(preview).toEqual(update);
    expect(Object.keys(update)).toEqual(["oauth2-proxy.cfg", "start.sh"]);
    expect(
      update["oauth2-proxy.cfg"],
    ).toBe(`# Sign-in with Entra: this tenant only, proven by the pod's token instead of a secret.
provider = "entra-id"
oidc_issuer_url = "https://login.microsoftonline.com/${TEST_TENANT}/v2.0"
entra_id_allowed_tenants = ["${TEST_TENANT}"]
entra_id_federated_token_auth = true
code_challenge_method = "S256"
scope = "openid profile email offline_access"
oidc_email_claim = "preferred_username"
skip_claims_from_profile_url = true

# Who may pass: app roles. Groups would be missing from the token for people in many of them.
oidc_groups_claim = "roles"
allowed_groups = ["publisher", "reader"]

# What the tool is told. Headers of these names that a client sends are dropped.
pass_user_headers = true
skip_auth_strip_headers = true
pass_basic_auth = false
pass_authorization_header = false
pass_access_token = false
set_xauthrequest = false

# Where the proxy listens.
http_address = "0.0.0.0:4180"

# Behind the Gateway, whose addresses are private ones.
redirect_url = "https://reports.data.contoso.com/oauth2/callback"
reverse_proxy = true
trusted_proxy_ips = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "127.0.0.0/8"]
real_client_ip_header = "X-Forwarded-For"
skip_provider_button = true
api_routes = ["^/api/"]
email_domains = ["*"]
whitelist_domains = ["login.microsoftonline.com"]

# Sessions stay on the server; the cookie holds the key to one of them.
session_store_type = "redis"
redis_connection_url = "rediss://redis.contoso.com:10000"
redis_username = "reports-proxy"
cookie_name = "__Host-reports-proxy"
cookie_secret_file = "/mnt/secrets/cookie-secret"
cookie_secure = true
cookie_httponly = true
cookie_samesite = "lax"
cookie_csrf_per_request = true
cookie_csrf_per_request_limit = 8
cookie_csrf_expire = "15m"
cookie_refresh = "900s"
cookie_expire = "1800s"

# The callback's address holds a code, so it is not logged.
silence_ping_logging = true
exclude_logging_paths = ["/oauth2/callback"]
`);
  });

  it("gives ids and places by environment, the token as a file, and no secret anywhere but in the vault", async () => {
    const run = await create();
    const [{ command, env }] = podSpec(run).containers;
    expect(command).toEqual(["/bin/sh", "/etc/oauth2-proxy/start.sh", "--config=/etc/oauth2-proxy/oauth2-proxy.cfg"]);
    expect(Object.fromEntries(env.map(({ name, value }) => [name, value]))).toMatchObject({
      OAUTH2_PROXY_CLIENT_ID: "client-of-reports",
      OAUTH2_PROXY_UPSTREAMS: "http://reports.reports.svc:80/",
      REDIS_PASSWORD_FILE: "/mnt/secrets/redis-password",
      AZURE_FEDERATED_TOKEN_FILE: "/var/run/secrets/azure/tokens/azure-identity-token",
    });
    expect(podSpec(run).volumes.map(({ name }) => name)).toEqual(["tmp", "config", "secrets", "azure-identity-token"]);
    const cluster = run.resources.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(JSON.stringify(cluster)).not.toContain("random-of-");
    for (const name of ["reports-proxy-cookie-secret", "reports-proxy-redis-password"]) {
      const { properties } = run.find("azure-native:keyvault:Secret", name).inputs;
      expect(isSecretValue(properties) && properties.value).toMatchObject({ value: `random-of-${name}` });
    }
  });

  it("makes a new cookie key when the calendar's windows change over, and keeps Redis' password", async () => {
    const keepers = async (day: string) => {
      const run = await create({ now: new Date(day) });
      const of = (name: string) => run.find("random:index/randomPassword:RandomPassword", name).inputs.keepers;
      return [of("reports-proxy-cookie-secret"), of("reports-proxy-redis-password")];
    };
    const now = await keepers("2026-11-23T12:00:00Z");
    expect(await keepers("2026-12-26T00:00:00Z")).toEqual(now);
    const [cookie, redis] = await keepers("2027-01-02T00:00:00Z");
    expect(cookie).not.toEqual(now[0]);
    expect(redis).toBe(undefined);
  });

  it.each([
    ["1h", "8h", "900s", "1800s"],
    ["2m", "8h", "30s", "60s"],
    ["4h", "8h", "3600s", "7200s"],
    ["4h", "15m", "450s", "900s"],
  ])(
    "keeps sessions so short that a revocation within %s holds (at most %s)",
    async (revocation, maximum, refresh, expire) => {
      const { "oauth2-proxy.cfg": text } = files(await create({ environment: { sessions: { maximum, revocation } } }));
      expect(text).toContain(`cookie_refresh = "${refresh}"\ncookie_expire = "${expire}"`);
    },
  );

  it.each([
    ["no role", { args: { allowedRoles: [] } }, "needs a role"],
    ["no settings", { environment: { proxy: undefined } }, "need the key proxy"],
    ["an old image", { environment: { proxy: proxyWith("7.15.1") } }, "7.15.2 or newer"],
    ["a much older image", { environment: { proxy: proxyWith("v6.99.99-alpine") } }, "7.15.2 or newer"],
  ])("refuses %s", async (_, options, message) => {
    await expect(create(options)).rejects.toThrow(message);
  });

  it.each(["7.15.2", "7.16.0-alpine", "v8.0.0"])("takes version %s", async (tag) => {
    await expect(create({ environment: { proxy: proxyWith(tag) } })).resolves.toBeDefined();
  });
});

describe("a partner's proxy", () => {
  it("has its own host, identity, secrets and route, and tells the tool its role and not the partner's groups", async () => {
    const run = await create({ args: { partners: [acme] } });
    const maps = files(run, "reports-proxy-acme-config");
    expect(Object.keys(maps)).toEqual(["oauth2-proxy.cfg", "provider.yaml", "start.sh"]);
    expect(maps["oauth2-proxy.cfg"]).toContain(
      'redirect_url = "https://reports-acme.data.contoso.com/oauth2/callback"',
    );
    expect(maps["oauth2-proxy.cfg"]).toContain('cookie_name = "__Host-reports-proxy-acme"');
    expect(maps["oauth2-proxy.cfg"]).not.toContain("provider = ");
    expect(JSON.parse(maps["provider.yaml"] ?? "")).toMatchObject({
      providers: [
        {
          provider: "oidc",
          clientSecretFile: "/mnt/secrets/partner-acme-client-secret",
          code_challenge_method: "S256",
          allowedGroups: ["acme-viewers", "acme-guests"],
          oidcConfig: { issuerURL: acme.issuer, groupsClaim: "groups", insecureSkipNonce: false },
        },
      ],
      injectRequestHeaders: expect.arrayContaining([
        { name: "X-Forwarded-Groups", preserveRequestValue: false, values: [{ secretSource: { value: "reader" } }] },
      ]),
    });
    expect(podSpec(run, "reports-proxy-acme").volumes.map(({ name }) => name)).toEqual(["tmp", "config", "secrets"]);
    expect(
      run.find("azure-native:authorization:RoleAssignment", "reports-proxy-acme-access-acme-reports-client-secret"),
    );
    const route = run.find("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "reports-proxy-acme-route").inputs;
    expect(route.spec).toMatchObject({
      hostnames: ["reports-acme.data.contoso.com"],
      rules: [{ backendRefs: [{ name: "reports-proxy-acme", port: 80 }] }],
    });
  });

  it("is one for each role of a partner that has several", async () => {
    const partner = { ...acme, access: { reader: ["acme-viewers"], Sales_Reader: ["acme-sales"], publisher: [] } };
    const run = await create({ args: { partners: [partner] } });
    const hosts = run.resources
      .filter(({ type }) => type.endsWith(":HTTPRoute"))
      .flatMap(({ inputs }) => (inputs.spec as { hostnames: string[] }).hostnames);
    expect(hosts).toEqual(["reports-acme-reader.data.contoso.com", "reports-acme-sales-reader.data.contoso.com"]);
  });
});

describe("proxyTraffic", () => {
  it("lets the Gateway to the proxies, these to the tool, and nobody else to the tool", async () => {
    let traffic: ReturnType<typeof proxyTraffic> | undefined;
    await runProgram(() => {
      const pods = { app: "reports" };
      traffic = proxyTraffic("reports", testEnvironment(), { pods, port: 8080 }, [acme]);
    });
    const proxies = { "app.kubernetes.io/name": "reports-proxy" };
    expect(traffic?.allow["allow-tool-from-proxy"]).toEqual({
      podSelector: { matchLabels: { app: "reports" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: { matchLabels: proxies } }], ports: [{ protocol: "TCP", port: 8080 }] }],
    });
    expect(traffic?.allow["allow-proxy-to-tool"]).toMatchObject({ policyTypes: ["Egress"] });
    expect(traffic?.allow["allow-proxy-gateway"]).toMatchObject({ podSelector: { matchLabels: proxies } });
    expect(traffic?.reach).toEqual({
      "allow-proxy-redis": { pods: proxies, hosts: ["redis.contoso.com"], port: 10_000 },
      "allow-proxy-entra": {
        pods: { ...proxies, "app.kubernetes.io/component": "entra" },
        hosts: ["login.microsoftonline.com"],
      },
      "allow-proxy-acme": { pods: { ...proxies, "app.kubernetes.io/component": "acme" }, hosts: ["acme.okta.com"] },
    });
  });
});

function proxyWith(tag: string): ToolEnvironment["proxy"] {
  return {
    image: `contoso.azurecr.io/oauth2-proxy:${tag}`,
    replicas: { min: 2, max: 2 },
    redis: { host: "redis.contoso.com", port: 10_000, tls: true },
  };
}

/** What the environment of the test makes by itself: the vault and its group. */
function testCounts(): Record<string, number> {
  return { "azure-native:resources:ResourceGroup": 1, "azure-native:keyvault:Vault": 1 };
}

function minus(all: Record<string, number>, part: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(all).filter(([type]) => !(type in part)));
}
