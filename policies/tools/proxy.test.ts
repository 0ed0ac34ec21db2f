import { describe, expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages, type Sample, stackMessages, urnOf } from "../testing/harness.ts";
import { proxyStrict } from "./proxy-strict.ts";
import { toolsBehindProxy } from "./tools-behind-proxy.ts";
import { toolsSettled } from "./tools-settled.ts";

const tenantId = "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10";
const namespace = "catalog";

const map = (data: object, name = "settings"): Sample => ({
  type: "kubernetes:core/v1:ConfigMap",
  name,
  props: { metadata: { name, namespace }, data },
});

describe("proxy-strict", () => {
  const good: Readonly<Record<string, unknown>> = {
    provider: "entra-id",
    oidc_issuer_url: `https://login.microsoftonline.com/${tenantId}/v2.0`,
    code_challenge_method: "S256",
    oidc_groups_claim: "roles",
    allowed_groups: ["reader"],
    session_store_type: "redis",
    cookie_secure: true,
    skip_provider_button: true,
    skip_auth_strip_headers: true,
  };
  const cfg = (changes: Readonly<Record<string, unknown>> = {}, extra = "") => {
    const settings = Object.entries({ ...good, ...changes }).filter(([, value]) => value !== undefined);
    return settings.map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`).join("") + extra;
  };
  const run = (data: object, config: object = { tenantId }) => messages(proxyStrict, map(data), config);
  const provider = {
    provider: "oidc",
    code_challenge_method: "S256",
    allowedGroups: ["acme-staff"],
    oidcConfig: { issuerURL: "https://acme.okta.com", insecureSkipNonce: false },
  };
  const alpha = (changes: object = {}) =>
    JSON.stringify({ providers: [{ ...provider, ...changes }], upstreamConfig: { upstreams: [] } });

  it("accepts the company's proxy, a partner's, and files that are something else", () => {
    expect(run({ "oauth2-proxy.cfg": cfg() })).toEqual([]);
    expect(run({ "oauth2-proxy.cfg": cfg({ skip_auth_routes: ["GET=^/health$", "^/static/logo\\.png$"] }) })).toEqual(
      [],
    );
    const common = 'session_store_type = "redis"\ncookie_secure = true\n';
    expect(run({ "oauth2-proxy.cfg": common, "provider.yaml": alpha() })).toEqual([]);
    expect(run({ "oauth2-proxy.cfg": unknownText, "other.cfg": "[x]" })).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["another provider", { provider: "oidc" }, 'provider is "oidc"'],
    ["every tenant", { oidc_issuer_url: "https://login.microsoftonline.com/common/v2.0" }, "oidc_issuer_url is"],
    [
      "another tenant",
      { oidc_issuer_url: "https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555/v2.0" },
      "this tenant's issuer",
    ],
    ["no PKCE", { code_challenge_method: undefined }, "code_challenge_method is not set"],
    ["groups", { oidc_groups_claim: undefined }, "oidc_groups_claim is not set"],
    ["everybody", { allowed_groups: [] }, "allowed_groups is []"],
    ["sessions in cookies", { session_store_type: undefined }, "session_store_type is not set (cookies)"],
    ["cookies in clear", { cookie_secure: false }, "cookie_secure is false"],
    ["cookies for scripts", { cookie_httponly: false }, "cookie_httponly is false"],
    [
      "an unchecked issuer",
      { insecure_oidc_skip_issuer_verification: true },
      "insecure_oidc_skip_issuer_verification is true",
    ],
    ["unchecked certificates", { ssl_insecure_skip_verify: true }, "ssl_insecure_skip_verify is true"],
    ["trusted addresses", { trusted_ips: ["10.0.0.0/8"] }, "trusted_ips is set"],
    ["passwords", { htpasswd_file: "/x" }, "htpasswd_file is set"],
    ["every path", { skip_auth_routes: ["^/health$", "^/"] }, 'skip_auth_routes is "^/"'],
    ["a pattern without an anchor", { skip_auth_regex: ["/health"] }, 'skip_auth_regex is "/health"'],
    ["all but one path", { skip_auth_routes: ["GET!=^/admin"] }, "GET!=^/admin"],
    ["a pattern that nobody can read", { skip_auth_routes: ["^/("] }, "skip_auth_routes"],
  ])("refuses %s", (_, changes, wanted) => {
    expect(run({ "oauth2-proxy.cfg": cfg(changes) })).toEqual([expect.stringContaining(wanted)]);
  });

  it("refuses what it cannot read, instead of passing it", () => {
    expect(run({ "oauth2-proxy.cfg": cfg({}, "[alpha]\nskip_auth_routes = ['^/']\n") })).toEqual([
      expect.stringContaining("line 10, 11 is not readable, so not checked"),
    ]);
  });

  it("takes any tenant by its GUID where it knows none", () => {
    expect(run({ "oauth2-proxy.cfg": cfg() }, {})).toEqual([]);
    const common = { oidc_issuer_url: "https://login.microsoftonline.com/organizations/v2.0" };
    expect(run({ "oauth2-proxy.cfg": cfg(common) }, {})).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    ["http", { oidcConfig: { issuerURL: "http://acme.okta.com" } }, "providers[0].oidcConfig.issuerURL"],
    ["no PKCE", { code_challenge_method: undefined }, "code_challenge_method is not set"],
    ["everybody", { allowedGroups: [] }, "allowedGroups is empty"],
    [
      "no issuer check",
      { oidcConfig: { issuerURL: "https://acme.okta.com", insecureSkipIssuerVerification: true } },
      "insecureSkipIssuerVerification is true",
    ],
  ])("refuses a partner's provider with %s", (_, changes, wanted) => {
    expect(run({ "provider.yaml": alpha(changes) })).toEqual([expect.stringContaining(wanted)]);
  });

  it("reads variables and flags too", () => {
    const pod = (container: object): Sample => ({
      type: "kubernetes:apps/v1:Deployment",
      props: { spec: { template: { spec: { containers: [container] } } } },
    });
    const env = [
      { name: "OAUTH2_PROXY_UPSTREAMS", value: "http://tool:80/" },
      { name: "OAUTH2_PROXY_SKIP_AUTH_ROUTES", value: "^/health$,.*" },
    ];
    expect(messages(proxyStrict, pod({ env }))).toEqual([expect.stringContaining("env[1].value")]);
    const args = [
      "--config=/etc/x.cfg",
      "--ssl-insecure-skip-verify",
      "--trusted-ip=0.0.0.0/0",
      "--skip-auth-route=^/",
    ];
    expect(messages(proxyStrict, pod({ command: ["/bin/oauth2-proxy"], args }))).toHaveLength(3);
    expect(messages(proxyStrict, pod({ command: ["other"], args }))).toEqual([]);
  });
});

const workload = (name: string, container: object, changes: { type?: string; volumes?: unknown } = {}): Sample => ({
  type: `kubernetes:${changes.type ?? "apps/v1:Deployment"}`,
  name,
  props: {
    metadata: { name, namespace },
    spec: {
      template: { metadata: { labels: { app: name } }, spec: { containers: [container], volumes: changes.volumes } },
    },
  },
});
const service = (name: string, app = name): Sample => ({
  type: "kubernetes:core/v1:Service",
  name: `${name}-service`,
  props: { metadata: { name, namespace }, spec: { selector: { app } } },
});
const route = (to: string): Sample => ({
  type: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
  name: "route",
  props: {
    metadata: { name: "route", namespace },
    spec: {
      parentRefs: [{ name: "public", namespace: "gateway" }],
      rules: [{ backendRefs: [{ name: to, port: 80 }] }],
    },
  },
});
const ingress = (app: string | undefined, from: unknown): Sample => ({
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  name: "policy",
  props: {
    metadata: { name: "policy", namespace },
    spec: {
      podSelector: app === undefined ? {} : { matchLabels: { app } },
      policyTypes: ["Ingress"],
      ingress: [{ from }],
    },
  },
});
const fromNamespace = (name: string) => [
  { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } },
];

describe("tools-behind-proxy", () => {
  const om = workload("om", { ports: [{ containerPort: 8585 }] });
  const proxy = workload("proxy", { ports: [{ containerPort: 4180 }] });
  const run = (samples: readonly Sample[], config?: object) => stackMessages(toolsBehindProxy, samples, config);
  const behind = [om, proxy, service("om"), service("proxy"), route("proxy")];

  it("accepts OpenMetadata behind the proxy, with Jobs and programs of named namespaces beside it", () => {
    const between = ingress("om", [{ podSelector: { matchLabels: { app: "proxy" } } }]);
    const denied: Sample = { ...between, props: { metadata: { namespace }, spec: { podSelector: {} } } };
    const callers = ingress("om", fromNamespace("airflow"));
    expect(run([...behind, between, callers, denied, ingress("proxy", fromNamespace("gateway"))])).toEqual([]);
  });

  it("refuses a route to it, and says which", () => {
    expect(run([om, proxy, service("om"), service("proxy"), route("om")])).toEqual([
      expect.stringContaining(`${urnOf(route("om"))} HTTPRoute "route": spec.rules.backendRefs is OpenMetadata`),
    ]);
    const late: Sample = {
      ...service("om"),
      props: { metadata: unknownText, spec: { selector: { app: "om" } } },
      refs: { metadata: "ns" },
    };
    const ns: Sample = { type: "kubernetes:core/v1:Namespace", name: "ns", props: { metadata: { name: namespace } } };
    const unnamed = { ...route(unknownText), refs: { spec: "om-service" } };
    expect(run([ns, om, late, unnamed])).toHaveLength(1);
  });

  it.each<[string, Sample]>([
    ["the Gateway", ingress("om", fromNamespace("gateway"))],
    ["everybody", ingress("om", undefined)],
    ["every namespace", ingress("om", [{ namespaceSelector: {} }])],
    ["addresses", ingress(undefined, [{ ipBlock: { cidr: "0.0.0.0/0" } }])],
  ])("refuses a network policy that lets %s in", (_, policy) => {
    expect(run([...behind, policy])).toEqual([expect.stringContaining('NetworkPolicy "policy": spec.ingress[0]')]);
  });

  it("takes the settings' reason, for OpenMetadata alone", () => {
    const config = { openMetadataReason: "The proxy's Redis is not there yet." };
    expect(run([om, service("om"), route("om")], config)).toEqual([]);
    const metabase = workload("mb", { env: [{ name: "MB_DB_TYPE", value: "postgres" }] });
    expect(run([metabase, service("mb"), route("mb")], config)).toEqual([
      expect.stringContaining("Metabase with passwords"),
    ]);
  });

  it("lets Metabase be reached where Entra signs people in, and where it listens to itself", () => {
    const env = (...names: [string, string][]) => ({ env: names.map(([name, value]) => ({ name, value })) });
    const pro = workload("mb", env(["MB_DB_TYPE", "postgres"], ["MB_OIDC_ALLOWED_NETWORKS", "external-only"]));
    const inner = workload("mb", env(["MB_DB_TYPE", "postgres"], ["MB_JETTY_HOST", "127.0.0.1"]));
    for (const one of [pro, inner]) expect(run([one, service("mb"), route("mb")])).toEqual([]);
  });
});

describe("tools-settled", () => {
  const run = (...samples: Sample[]) => stackMessages(toolsSettled, samples);
  const config = map({ "openmetadata.json": '{"authenticationConfiguration":{"provider":"azure"}}' }, "om-settings");
  const mount = (name: string) => ({ volumes: [unknownText, { name: "x", configMap: { name } }] });
  const server = workload("om", {}, mount("om-settings"));
  const script = map({ "settle.py": 'SHIPPED = "open-metadata.org"' }, "om-jobs");
  const job = workload("settle", {}, { type: "batch/v1:Job", ...mount("om-jobs") });

  it("accepts OpenMetadata with its Job, known or not", () => {
    expect(run(config, server, script, job)).toEqual([]);
    expect(run(config, server, map({ "settle.py": unknownText }, "om-jobs"), job)).toEqual([]);
  });

  it("refuses OpenMetadata without it, once", () => {
    const migrate = workload("migrate", {}, { type: "batch/v1:Job", ...mount("om-settings") });
    expect(run(config, server, migrate)).toEqual([
      expect.stringContaining('Deployment "om": spec is with no Job that names'),
    ]);
    const byEnvironment = workload("om", { env: [{ name: "AUTHENTICATION_PROVIDER", value: "azure" }] });
    expect(run(byEnvironment)).toHaveLength(1);
  });

  it("wants Metabase's key, by variable or start script", () => {
    const env = [{ name: "MB_DB_TYPE", value: "postgres" }];
    const start = map({ "start.sh": "export MB_ENCRYPTION_SECRET_KEY" }, "mb-config");
    expect(run(start, workload("mb", { env }, mount("mb-config")))).toEqual([]);
    const given = { name: "MB_ENCRYPTION_SECRET_KEY", valueFrom: { secretKeyRef: { name: "x", key: "y" } } };
    expect(run(workload("mb", { env: [...env, given] }))).toEqual([]);
    expect(run(start, workload("mb", { env }))).toEqual([expect.stringContaining("without MB_ENCRYPTION_SECRET_KEY")]);
  });

  it("finds ConfigMaps by origin while names are not known", () => {
    const late: Sample = {
      ...config,
      name: "late",
      props: {
        metadata: unknownText,
        data: { "openmetadata.json": '{"authenticationConfiguration":{"provider":"azure"}}' },
      },
    };
    expect(run(late, { ...workload("om", {}, mount(unknownText)), refs: { spec: "late" } })).toHaveLength(1);
  });
});
