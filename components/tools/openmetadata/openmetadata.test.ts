import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { roleId } from "../../../model/ids.ts";
import { isSecretValue, type Run, runProgram, settled } from "../../testing/mocks.ts";
import { TEST_NOW, TEST_TENANT, testEnvironment } from "../../testing/tool-environment.ts";
import { openMetadataContract } from "./contract.ts";
import { keyIdOf } from "./key-pair.ts";
import { deploy } from "./openmetadata.ts";
import { openMetadataSettings } from "./tests/fixtures.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const JOB = "kubernetes:batch/v1:Job";
const SECRET = "azure-native:keyvault:Secret";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const MAP = "kubernetes:core/v1:ConfigMap";
const EVERY_POD: readonly (readonly [string, string])[] = [
  [DEPLOYMENT, "openmetadata-server"],
  [JOB, "openmetadata-migrate"],
  [JOB, "openmetadata-accounts"],
];
const NEXT_WINDOW = new Date("2027-01-02T00:00:00Z");
const withoutProxy = { proxy: { off: "Reachable from the offices' network only, until Redis is there." } };

const runs = new Map<string, Promise<Run>>();

/** Runs the program, once for each way in which a test wants it. */
function create(changes: Record<string, unknown> = {}, now = TEST_NOW, preview = false): Promise<Run> {
  const key = JSON.stringify([changes, now, preview]);
  const run = runs.get(key) ?? runProgram(() => void deployed(changes, now), { preview });
  runs.set(key, run);
  return run;
}

function deployed(changes: Record<string, unknown>, now = TEST_NOW) {
  const settings = openMetadataSettings(changes);
  const environment = testEnvironment({}, now);
  return deploy(
    "openmetadata",
    { contract: openMetadataContract, settings, environment, owners: ["owner-id"], partners: [] },
    {},
  );
}

interface Pod {
  readonly metadata: { annotations: Record<string, string> };
  readonly spec: {
    serviceAccountName: string;
    containers: [{ image: string; command: string[]; env: { name: string; value: unknown }[] }];
    volumes: { name: string }[];
  };
}

function pod(run: Run, type: string, name: string): Pod {
  return (run.find(type, name).inputs.spec as { template: Pod }).template;
}

function environmentOf(run: Run, type: string, name: string): Record<string, unknown> {
  return Object.fromEntries(pod(run, type, name).spec.containers[0].env.map(({ name, value }) => [name, value]));
}

function named(run: Run, type: string): string[] {
  return run.resources
    .filter((resource) => resource.type === type)
    .map(({ name }) => name)
    .sort();
}

/** Files of a SecretProviderClass → secret and encoding. */
function mounted(run: Run, name: string): Record<string, unknown> {
  const type = "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass";
  const { parameters } = run.find(type, name).inputs.spec as { parameters: { objects: string } };
  const { array } = parse(parameters.objects) as { array: string[] };
  const objects = array.map((item) => parse(item) as Record<string, string>);
  return Object.fromEntries(
    objects.map(({ objectAlias = "", objectName, objectEncoding }) => [objectAlias, [objectName, objectEncoding]]),
  );
}

/** A public client behind the proxy, with the vault that all tools share. */
const PUBLIC: Record<string, number> = {
  "azure-native:authorization:RoleAssignment": 9,
  "azure-native:keyvault:Secret": 7,
  "azure-native:keyvault:Vault": 1,
  "azure-native:managedidentity:FederatedIdentityCredential": 4,
  "azure-native:managedidentity:UserAssignedIdentity": 4,
  "azure-native:resources:ResourceGroup": 1,
  "azuread:index/appRoleAssignment:AppRoleAssignment": 6,
  "azuread:index/application:Application": 1,
  "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": 1,
  "azuread:index/servicePrincipal:ServicePrincipal": 1,
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant": 1,
  "kubernetes:apps/v1:Deployment": 2,
  "kubernetes:batch/v1:CronJob": 1,
  "kubernetes:batch/v1:Job": 2,
  "kubernetes:cilium.io/v2:CiliumNetworkPolicy": 9,
  "kubernetes:core/v1:ConfigMap": 5,
  "kubernetes:core/v1:Namespace": 1,
  "kubernetes:core/v1:Service": 2,
  "kubernetes:core/v1:ServiceAccount": 4,
  "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute": 1,
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": 7,
  "kubernetes:policy/v1:PodDisruptionBudget": 2,
  "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass": 4,
  "random:index/randomBytes:RandomBytes": 1,
  "random:index/randomPassword:RandomPassword": 4,
  "tls:index/privateKey:PrivateKey": 1,
};

describe("OpenMetadata", () => {
  it("is exactly these resources as a public client", async () => {
    expect((await create()).counts()).toEqual(PUBLIC);
  });

  it("has two secrets of its registration more as a confidential client, of which its server reads the newer", async () => {
    const run = await create({ client: "confidential" });
    expect(run.counts()).toEqual({
      ...PUBLIC,
      "azuread:index/applicationPassword:ApplicationPassword": 2,
      "azure-native:keyvault:Secret": 9,
      "azure-native:authorization:RoleAssignment": 10,
    });
    expect(mounted(run, "openmetadata-secrets")["client-secret"]).toEqual(["openmetadata-client-secret-b", undefined]);
    const later = await create({ client: "confidential" }, NEXT_WINDOW);
    expect(mounted(later, "openmetadata-secrets")["client-secret"]).toEqual([
      "openmetadata-client-secret-a",
      undefined,
    ]);
    expect(environmentOf(run, DEPLOYMENT, "openmetadata-server").CLIENT_TYPE).toBe("confidential");
  });

  it("is without the proxy's parts where a reason says so, and then the route leads to the server", async () => {
    const run = await create(withoutProxy);
    expect(run.resources.filter(({ name }) => name.includes("proxy"))).toEqual([]);
    expect(run.counts()).toEqual({
      ...Object.fromEntries(Object.entries(PUBLIC).filter(([type]) => !type.includes("FederatedIdentityCredential"))),
      "azure-native:authorization:RoleAssignment": 7,
      "azure-native:keyvault:Secret": 5,
      "azure-native:managedidentity:FederatedIdentityCredential": 3,
      "azure-native:managedidentity:UserAssignedIdentity": 3,
      "kubernetes:apps/v1:Deployment": 1,
      "kubernetes:cilium.io/v2:CiliumNetworkPolicy": 7,
      "kubernetes:core/v1:ConfigMap": 4,
      "kubernetes:core/v1:Service": 1,
      "kubernetes:core/v1:ServiceAccount": 3,
      "kubernetes:networking.k8s.io/v1:NetworkPolicy": 5,
      "kubernetes:policy/v1:PodDisruptionBudget": 1,
      "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass": 3,
      "random:index/randomPassword:RandomPassword": 2,
    });
    expect(backend(run)).toEqual([{ name: "openmetadata", port: 8585 }]);
    expect(named(run, POLICY)).toContain("openmetadata-network-allow-gateway");
  });

  it("lets people reach the proxy and nothing else reach the server but it, the jobs and the reconciler", async () => {
    const run = await create();
    expect(backend(run)).toEqual([{ name: "openmetadata-proxy", port: 80 }]);
    const of = (component: string) => ({
      podSelector: {
        matchLabels: { "app.kubernetes.io/component": component, "app.kubernetes.io/name": "openmetadata" },
      },
    });
    const proxy = { podSelector: { matchLabels: { "app.kubernetes.io/name": "openmetadata-proxy" } } };
    expect(whoReaches(run, "server")).toEqual([of("job"), of("reconcile"), proxy]);
    expect(named(run, POLICY)).not.toContain("openmetadata-network-allow-gateway");
  });

  it("opens the server to declared namespaces, for ingestion", async () => {
    const run = await create({ callers: [{ namespace: "airflow" }] });
    expect(whoReaches(run, "server")).toContainEqual({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "airflow" } },
    });
  });

  it("lets in exactly the roles on offer, with the proxy's token as the registration's credential", async () => {
    const run = await create();
    const config = run.find(MAP, "openmetadata-proxy-config").inputs.data as Record<string, string>;
    expect(config["oauth2-proxy.cfg"]).toContain(
      'allowed_groups = ["Admin", "DataConsumer", "DataQualityEngineer", "DataSteward"]',
    );
    const federation = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential";
    expect(run.find(federation, "openmetadata-federation").inputs.subject).toBe(
      "system:serviceaccount:openmetadata:openmetadata-proxy",
    );
    expect(run.find("azuread:index/application:Application", "openmetadata-app").inputs).toMatchObject({
      web: { redirectUris: ["https://openmetadata.data.contoso.com/oauth2/callback"] },
      singlePageApplication: { redirectUris: ["https://openmetadata.data.contoso.com/callback"] },
    });
  });

  it("makes its own key pair, keeps it as DER, and names it after the public key", async () => {
    const run = await create();
    expect(run.find("tls:index/privateKey:PrivateKey", "openmetadata-jwt-key").inputs).toEqual({
      algorithm: "RSA",
      rsaBits: 2048,
    });
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    for (const half of ["private", "public"]) {
      const { properties } = run.find(SECRET, `openmetadata-jwt-key-${half}`).inputs;
      const value = base64(`${half}-key-of-openmetadata-jwt-key`);
      expect(isSecretValue(properties) && properties.value).toMatchObject({ value });
    }
    const pem = `-----BEGIN PUBLIC KEY-----\n${base64("public-key-of-openmetadata-jwt-key")}\n-----END PUBLIC KEY-----\n`;
    for (const [type, name] of EVERY_POD) {
      expect(environmentOf(run, type, name).JWT_KEY_ID).toBe(keyIdOf(pem));
    }
  });

  it("gives the server its secrets as files, and the jobs the private key alone", async () => {
    const run = await create();
    expect(mounted(run, "openmetadata-secrets")).toEqual({
      "jwt-private-key.der": ["openmetadata-jwt-key-private", "base64"],
      "jwt-public-key.der": ["openmetadata-jwt-key-public", "base64"],
      "fernet-key": ["openmetadata-fernet-key", undefined],
      "database-password": ["openmetadata-database-password", undefined],
      "search-password": ["openmetadata-search-password", undefined],
    });
    expect(mounted(run, "openmetadata-jobs-secrets")).toEqual({
      "jwt-private-key.der": ["openmetadata-jwt-key-private", "base64"],
    });
    const assignment = "azure-native:authorization:RoleAssignment";
    const jobs = run.resources.filter(
      ({ type, inputs }) => type === assignment && inputs.principalId === "principal-of-openmetadata-jobs-identity",
    );
    expect(jobs.map(({ inputs }) => inputs.scope)).toEqual(["/id/vault/secrets/openmetadata-jwt-key-private"]);
  });

  it("gives ids by environment and no secret, in no pod and no ConfigMap, for both clients", async () => {
    for (const client of ["public", "confidential"]) {
      const run = await create({ client });
      const inCluster = JSON.stringify(run.resources.filter(({ type }) => type.startsWith("kubernetes:")));
      expect(inCluster).not.toMatch(/random-of-|bytes-of-|password-of-|private-key-of-/);
      for (const secret of ["bytes-of-openmetadata-fernet-key", "private-key-of-openmetadata-jwt-key"]) {
        expect(inCluster).not.toContain(Buffer.from(secret).toString("base64"));
      }
      for (const [type, name] of EVERY_POD) {
        expect(environmentOf(run, type, name).ENTRA_CLIENT_ID).toBe("client-of-openmetadata-app");
      }
    }
  });

  it("gives one job the directory's read-only rights, a token for Graph and what it compares people with", async () => {
    const run = await create();
    const grants = run.resources.filter(
      ({ type, inputs }) =>
        type === "azuread:index/appRoleAssignment:AppRoleAssignment" &&
        inputs.principalObjectId === "principal-of-openmetadata-reconciler-identity",
    );
    expect(grants.map(({ name }) => name.replace("openmetadata-reconciler-directory-", ""))).toEqual([
      "Application.Read.All",
      "GroupMember.Read.All",
      "User.Read.All",
    ]);
    const { jobTemplate, schedule } = run.find("kubernetes:batch/v1:CronJob", "openmetadata-reconcile").inputs.spec as {
      schedule: string;
      jobTemplate: { spec: { template: Pod } };
    };
    const { serviceAccountName, containers, volumes } = jobTemplate.spec.template.spec;
    expect([schedule, serviceAccountName]).toEqual(["*/10 * * * *", "openmetadata-reconciler"]);
    expect(containers[0].command).toEqual(["python3", "/etc/openmetadata/jobs/reconcile_people.py"]);
    expect(volumes.map(({ name }) => name)).toEqual(["tmp", "jobs", "settings", "secrets", "azure-identity-token"]);
    expect(Object.fromEntries(containers[0].env.map(({ name, value }) => [name, value]))).toMatchObject({
      AZURE_CLIENT_ID: "client-of-openmetadata-reconciler-identity",
      ENTRA_SERVICE_PRINCIPAL_ID: "object-of-openmetadata-sp",
      PEOPLE_FILE: "/etc/openmetadata/jobs/people.json",
    });
    const files = run.find(MAP, "openmetadata-reconciler-files").inputs.data as Record<string, string>;
    expect(JSON.parse(files["people.json"] ?? "")).toEqual({
      removalLimit: 25,
      roles: Object.fromEntries(
        ["Admin", "DataSteward", "DataConsumer", "DataQualityEngineer"].map((role) => [
          role,
          roleId("openmetadata", role),
        ]),
      ),
    });
    for (const [type, name] of EVERY_POD) {
      expect(environmentOf(run, type, name).AZURE_CLIENT_ID).toBeUndefined();
    }
  });

  it("writes the encryption key in Fernet's alphabet", async () => {
    const { properties } = (await create()).find(SECRET, "openmetadata-fernet-key").inputs;
    const value = Buffer.from("bytes-of-openmetadata-fernet-key").toString("base64");
    expect(isSecretValue(properties) && properties.value).toMatchObject({
      value: value.replaceAll("+", "-").replaceAll("/", "_"),
    });
  });

  it("runs the migrations and the closing job anew when settings, or a confidential client's secret, change", async () => {
    const names = async (changes: Record<string, unknown>, now = TEST_NOW) => {
      const run = await create(changes, now);
      return ["openmetadata-migrate", "openmetadata-accounts"].map((job) => {
        const { name } = run.find(JOB, job).inputs.metadata as { name: string };
        const hash = pod(run, DEPLOYMENT, "openmetadata-server").metadata.annotations["entrada/config-hash"];
        expect(name).toBe(`${job}-${hash?.slice(0, 8)}`);
        return name;
      });
    };
    const before = await names({});
    expect(await names({}, NEXT_WINDOW)).toEqual(before);
    expect(await names({ session: { lifetime: "4h" } })).not.toEqual(before);
    const confidential = await names({ client: "confidential" });
    expect(await names({ client: "confidential" }, NEXT_WINDOW)).not.toEqual(confidential);
  });

  it("knows settings, scripts and Job names in a preview, while ids are unknown", async () => {
    const [preview, update] = [await create({}, TEST_NOW, true), await create()];
    for (const map of ["config", "settings", "jobs"]) {
      const name = `openmetadata-${map}`;
      expect(preview.find(MAP, name).inputs).toEqual(update.find(MAP, name).inputs);
    }
    const job = (run: Run) => (run.find(JOB, "openmetadata-accounts").inputs.metadata as { name: string }).name;
    expect(job(preview)).toBe(job(update));
  });

  it("tells the stack where people go and whose token is whose", async () => {
    const outputs: Record<string, unknown>[] = [];
    for (const changes of [{}, { client: "confidential", ...withoutProxy }]) {
      await runProgram(async () => {
        const { serviceAccount, clientSecret, ...rest } = deployed(changes);
        const secret = clientSecret && { ...clientSecret, identity: await value(clientSecret.identity) };
        outputs.push({ url: rest.url, tenantId: rest.tenantId, account: await value(serviceAccount), secret });
      });
    }
    const shared = { url: "https://openmetadata.data.contoso.com", tenantId: TEST_TENANT };
    expect(outputs).toEqual([
      { ...shared, account: "openmetadata-proxy", secret: undefined },
      {
        ...shared,
        account: "openmetadata",
        secret: {
          vault: "kv-dev",
          secretName: "openmetadata-client-secret-b",
          identity: "client-of-openmetadata-identity",
        },
      },
    ]);
  });
});

function value(input: pulumi.Input<string> | undefined): Promise<string | undefined> {
  return settled(pulumi.output(input));
}

function backend(run: Run): unknown {
  const { rules } = run.find(ROUTE, "openmetadata-route").inputs.spec as { rules: [{ backendRefs: unknown }] };
  return rules[0].backendRefs;
}

interface PolicySpec {
  readonly podSelector: { readonly matchLabels?: Record<string, string> };
  readonly ingress?: { readonly from: unknown[]; readonly ports: { readonly port: number }[] }[];
}

/** Peers that reach a part's port 8585. */
function whoReaches(run: Run, part: string): unknown[] {
  const specs = run.resources.filter(({ type }) => type === POLICY).map(({ inputs }) => inputs.spec as PolicySpec);
  const rules = specs
    .filter(({ podSelector }) => podSelector.matchLabels?.["app.kubernetes.io/component"] === part)
    .flatMap(({ ingress }) => ingress ?? []);
  expect(rules.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual(rules.map(() => 8585));
  const peers = rules.flatMap(({ from }) => from);
  return peers.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}
