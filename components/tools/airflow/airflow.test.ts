import { beforeAll, describe, expect, it } from "vitest";
import { roleId } from "../../../model/ids.ts";
import type { ToolPartner } from "../../../model/partners.ts";
import { isSecretValue, type Run, runProgram } from "../../testing/mocks.ts";
import { TEST_NOW, TEST_TENANT, testEnvironment } from "../../testing/tool-environment.ts";
import { acme } from "../fab/tests/partner.ts";
import { Airflow, deploy } from "./airflow.ts";
import { airflowContract } from "./contract.ts";
import { airflowSettings, CELERY } from "./tests/fixtures.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const JOB = "kubernetes:batch/v1:Job";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
const FEDERATION = "azure-native:managedidentity:FederatedIdentityCredential";
const RIGHT = "azure-native:authorization:RoleAssignment";
const ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment";

interface Options {
  readonly now?: Date;
  readonly preview?: boolean;
  readonly partners?: readonly ToolPartner[];
}

function create(changes: Record<string, unknown> = {}, options: Options = {}): Promise<Run> {
  const { now = TEST_NOW, preview = false, partners = [] } = options;
  const program = () => {
    new Airflow("airflow", {
      contract: airflowContract,
      settings: airflowSettings(changes),
      environment: testEnvironment({}, now),
      owners: ["owner-id"],
      partners,
    });
  };
  return runProgram(program, { preview });
}

interface Template {
  readonly metadata: { readonly annotations: Record<string, string> };
  readonly spec: {
    readonly serviceAccountName: string;
    readonly volumes: readonly { readonly name: string }[];
    readonly containers: readonly { readonly env: readonly { name: string; value: unknown }[]; command: string[] }[];
  };
}

const template = (run: Run, type: string, name: string): Template =>
  (run.find(type, name).inputs.spec as { template: Template }).template;

const environmentOf = (run: Run, type: string, name: string): Record<string, unknown> =>
  Object.fromEntries(template(run, type, name).spec.containers[0]?.env.map((one) => [one.name, one.value]) ?? []);

/** Part → service account and volumes beyond what all parts have. */
const parts = (run: Run, names: readonly string[]) =>
  Object.fromEntries(
    names.map((name) => {
      const { spec } = template(run, name === "migrate" ? JOB : DEPLOYMENT, `airflow-${name}`);
      const own = spec.volumes
        .map((volume) => volume.name)
        .filter((one) => !["tmp", "config", "settings"].includes(one));
      return [name, [spec.serviceAccountName, ...own]];
    }),
  );

let standard: Run;
beforeAll(async () => {
  standard = await create();
}, 120_000);

const SERVERS = ["api-server", "migrate", "scheduler", "dag-processor", "triggerer"];

describe("Airflow with the Kubernetes executor", () => {
  it("makes exactly these resources", () => {
    expect(standard.counts()).toEqual({
      "azure-native:authorization:RoleAssignment": 17,
      "azure-native:keyvault:Secret": 5,
      "azure-native:keyvault:Vault": 1,
      "azure-native:managedidentity:FederatedIdentityCredential": 6,
      "azure-native:managedidentity:UserAssignedIdentity": 6,
      "azure-native:resources:ResourceGroup": 1,
      "azuread:index/appRoleAssignment:AppRoleAssignment": 7,
      "azuread:index/application:Application": 1,
      "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": 1,
      "azuread:index/servicePrincipal:ServicePrincipal": 1,
      "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant": 1,
      "kubernetes:apps/v1:Deployment": 4,
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": 1,
      "kubernetes:batch/v1:Job": 1,
      "kubernetes:cilium.io/v2:CiliumNetworkPolicy": 8,
      "kubernetes:core/v1:ConfigMap": 3,
      "kubernetes:core/v1:Namespace": 1,
      "kubernetes:core/v1:Service": 1,
      "kubernetes:core/v1:ServiceAccount": 4,
      "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute": 1,
      "kubernetes:networking.k8s.io/v1:NetworkPolicy": 6,
      "kubernetes:policy/v1:PodDisruptionBudget": 3,
      "kubernetes:rbac.authorization.k8s.io/v1:Role": 2,
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": 2,
      "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass": 3,
      "random:index/randomPassword:RandomPassword": 5,
    });
  });

  it("gives each part its own account, and a token only where it speaks to Entra or the cluster's API", () => {
    expect(parts(standard, SERVERS)).toEqual({
      "api-server": ["airflow", "secrets", "azure-identity-token", "cluster-token"],
      migrate: ["airflow", "secrets"],
      scheduler: ["airflow-scheduler", "secrets", "cluster-token"],
      "dag-processor": ["airflow-dags", "secrets", "azure-identity-token"],
      triggerer: ["airflow-dags", "secrets", "azure-identity-token"],
    });
  });

  it("lets each identity read what its parts need: keys of tokens never where DAG authors' code runs", async () => {
    const run = await create({}, { partners: [acme({ access: { Viewer: ["acme-viewers"] } })] });
    const readable = (principal: string) =>
      run.resources
        .filter(({ type, inputs }) => type === RIGHT && inputs.principalId === `principal-of-${principal}`)
        .map(({ inputs }) => String(inputs.scope).replace("/id/vault/secrets/", ""))
        .sort();
    const database = ["airflow-database-password", "airflow-fernet-key-a", "airflow-fernet-key-b"];
    const connections = ["airflow-connections-lake", "airflow-connections-warehouse"];
    expect(readable("airflow-identity")).toEqual(
      ["acme-superset-client-secret", "airflow-api-secret-key", "airflow-jwt-secret", ...database].sort(),
    );
    expect(readable("airflow-scheduler-identity")).toEqual([...database, "airflow-jwt-secret"].sort());
    expect(readable("airflow-dags-identity")).toEqual(["airflow-api-secret-key", ...database, ...connections].sort());
    expect(readable("airflow-worker-identity")).toEqual(connections);
  });

  it("lets the scheduler run pods and the server read their logs, in the namespace only", async () => {
    const run = await create({ namespace: "flows" });
    const role = "kubernetes:rbac.authorization.k8s.io/v1:Role";
    expect(run.find(role, "airflow-scheduler-pods").inputs).toEqual({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name: "airflow-scheduler", namespace: "flows" },
      rules: [
        { apiGroups: [""], resources: ["pods"], verbs: ["create", "delete", "get", "list", "patch", "watch"] },
        { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
        { apiGroups: [""], resources: ["events"], verbs: ["list"] },
      ],
    });
    expect(run.find(role, "airflow-server-pods").inputs.rules).toEqual([
      { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
      { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
    ]);
    const binding = run.find("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "airflow-scheduler-pods-binding");
    expect(binding.inputs.subjects).toEqual([
      { kind: "ServiceAccount", name: "airflow-scheduler", namespace: "flows" },
    ]);
  });

  it("makes task pods of a template that a preview knows in full, and gives the id by a ConfigMap", async () => {
    const [preview, run] = [await create({}, { preview: true }), standard];
    const text = (one: Run) => one.find(CONFIG_MAP, "airflow-settings").inputs.data as Record<string, string>;
    expect(text(preview)).toEqual(text(run));
    expect(preview.find(CONFIG_MAP, "airflow-config").inputs).toEqual(run.find(CONFIG_MAP, "airflow-config").inputs);
    const pod = JSON.parse(text(run)["worker-pod.json"] ?? "") as {
      spec: { serviceAccountName: string; volumes: { name: string }[]; containers: { name: string }[] };
    };
    expect(pod.spec.serviceAccountName).toBe("airflow-worker");
    expect(pod.spec.volumes.map(({ name }) => name)).toEqual(["tmp", "config", "settings", "azure-identity-token"]);
    expect(pod.spec.containers).toMatchObject([
      { name: "base", envFrom: [{ configMapRef: { name: "airflow-worker-identity" } }] },
    ]);
    expect(run.find(CONFIG_MAP, "airflow-worker-identity-id").inputs).toMatchObject({
      metadata: { name: "airflow-worker-identity", namespace: "airflow" },
      data: { AZURE_CLIENT_ID: "client-of-airflow-worker-identity" },
    });
  });
});

describe("Airflow with Celery", () => {
  it("runs workers that are scaled, feeds them through Redis and needs no right on pods", async () => {
    const run = await create(CELERY);
    expect(run.counts()).toMatchObject({
      [DEPLOYMENT]: 5,
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": 2,
      "azure-native:keyvault:Secret": 6,
      [CONFIG_MAP]: 2,
      "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass": 4,
      "kubernetes:cilium.io/v2:CiliumNetworkPolicy": 8,
      "kubernetes:networking.k8s.io/v1:NetworkPolicy": 8,
    });
    expect(run.counts()).not.toHaveProperty(["kubernetes:rbac.authorization.k8s.io/v1:Role"]);
    expect(parts(run, ["api-server", "scheduler", "worker"])).toEqual({
      "api-server": ["airflow", "secrets", "azure-identity-token"],
      scheduler: ["airflow-scheduler", "secrets"],
      worker: ["airflow-worker", "secrets", "azure-identity-token"],
    });
    expect(
      run.find("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "airflow-worker-scale").inputs.spec,
    ).toMatchObject({ minReplicas: 2, maxReplicas: 8 });
    const { data } = run.find(CONFIG_MAP, "airflow-settings").inputs as { data: Record<string, string> };
    expect(data["airflow.cfg"]).toMatch(
      /\[celery\]\nbroker_url_cmd = python \/etc\/airflow\/config\/entrada_values.py redis\n/,
    );
    expect(data["worker.cfg"]).not.toMatch(/jwt_secret|fernet|sql_alchemy_conn_cmd/);
    expect(data).not.toHaveProperty(["worker-pod.json"]);
  });
});

describe("Airflow's triggers", () => {
  it("hold their app role at Airflow's registration, which has a name as an API", () => {
    const run = standard;
    expect(run.find("azuread:index/application:Application", "airflow-app").inputs).toMatchObject({
      identifierUris: [`api://${TEST_TENANT}/airflow-dev`],
      web: { redirectUris: ["https://airflow.data.contoso.com/auth/oauth-authorized/azure"] },
    });
    const roles = run.find("azuread:index/application:Application", "airflow-app").inputs.appRoles as object[];
    expect(roles).toContainEqual(
      expect.objectContaining({
        value: "trigger-Op",
        allowedMemberTypes: ["Application"],
        id: roleId("airflow", "trigger-Op"),
      }),
    );
    const assigned = (name: string) => run.find(ASSIGNMENT, `airflow-trigger-${name}`).inputs;
    const resourceObjectId = "object-of-airflow-sp";
    expect(assigned("nightly-loader")).toEqual({
      appRoleId: roleId("airflow", "trigger-Op"),
      principalObjectId: "principal-of-airflow-trigger-nightly-loader-identity",
      resourceObjectId,
    });
    expect(assigned("crm")).toMatchObject({ appRoleId: roleId("airflow", "trigger-sales-runner") });
    expect(assigned("billing")).toEqual({
      appRoleId: roleId("airflow", "trigger-Op"),
      principalObjectId: "principal-of-44444444-4444-4444-8444-444444444444",
      resourceObjectId,
    });
  });

  it("are managed identities for service accounts, and what exists for applications", () => {
    const run = standard;
    const identities = run.resources.filter(({ type, name }) => type === IDENTITY && name.includes("trigger"));
    expect(identities.map(({ inputs }) => inputs.resourceName)).toEqual([
      "id-airflow-trigger-nightly-loader-dev",
      "id-airflow-trigger-crm-dev",
    ]);
    expect(run.find(FEDERATION, "airflow-trigger-crm-identity-crm-sync").inputs.subject).toBe(
      "system:serviceaccount:crm:sync",
    );
    expect(environmentOf(run, DEPLOYMENT, "airflow-api-server")).toMatchObject({
      ENTRA_CLIENT_ID: "client-of-airflow-app",
      ENTRADA_TRIGGER_CLIENTS:
        "nightly-loader=client-of-airflow-trigger-nightly-loader-identity,crm=client-of-airflow-trigger-crm-identity,billing=44444444-4444-4444-8444-444444444444",
      FORWARDED_ALLOW_IPS: "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7,127.0.0.0/8",
    });
    expect(environmentOf(run, DEPLOYMENT, "airflow-scheduler")).not.toHaveProperty("ENTRADA_TRIGGER_CLIENTS");
  });
});

describe("Airflow's secrets", () => {
  it("are made for the vault, in the forms that Airflow takes, and stand nowhere else", () => {
    const run = standard;
    const value = (name: string) => {
      const { properties } = run.find("azure-native:keyvault:Secret", name).inputs;
      return isSecretValue(properties) ? (properties.value as { value: string }).value : undefined;
    };
    expect(value("airflow-jwt-secret")).toBe("random-of-airflow-jwt-secret");
    expect(value("airflow-fernet-key-a")).toMatch(/^random-of-airflow-fernet-key-a=$/);
    expect(run.find("random:index/randomPassword:RandomPassword", "airflow-jwt-secret").inputs).toMatchObject({
      length: 64,
    });
    const cluster = run.resources.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(JSON.stringify(cluster)).not.toContain("random-of-");
  });

  it("rotate with the calendar: both Fernet keys stay readable, tokens' key stays, and the Job runs again", async () => {
    const state = async (now: Date) => {
      const run = now === TEST_NOW ? standard : await create({}, { now });
      const job = run.find(JOB, "airflow-migrate").inputs.metadata as { name: string };
      return [
        template(run, DEPLOYMENT, "airflow-api-server").metadata.annotations["entrada/secret-versions"],
        job.name,
      ];
    };
    const [before, beforeJob] = await state(TEST_NOW);
    const [after, afterJob] = await state(new Date("2027-01-02T00:00:00Z"));
    expect(before).toMatch(
      /,fernet-key=version-of-airflow-fernet-key-b,previous-fernet-key=version-of-airflow-fernet-key-a,/,
    );
    expect(after).toMatch(
      /,fernet-key=version-of-airflow-fernet-key-a,previous-fernet-key=version-of-airflow-fernet-key-b,/,
    );
    expect(beforeJob).toMatch(/^airflow-migrate-[0-9a-f]{8}$/);
    expect(afterJob).not.toBe(beforeJob);
    const keepers = standard.find("random:index/randomPassword:RandomPassword", "airflow-jwt-secret").inputs;
    expect(keepers).not.toHaveProperty("keepers");
  });
});

describe("Airflow's sign-in", () => {
  it("trusts the server's account alone, and the stack's outputs say what callers need", async () => {
    let outputs: ReturnType<typeof deploy> | undefined;
    const run = await runProgram(() => {
      const environment = testEnvironment();
      const settings = airflowSettings();
      outputs = deploy("airflow", { contract: airflowContract, settings, environment, owners: [], partners: [] }, {});
    });
    const federation = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential";
    expect(run.find(federation, "airflow-federation").inputs.subject).toBe("system:serviceaccount:airflow:airflow");
    expect(outputs).toMatchObject({ url: "https://airflow.data.contoso.com", tenantId: TEST_TENANT });
    expect(Object.keys(outputs?.details ?? {})).toEqual([
      "api",
      "trigger-nightly-loader",
      "trigger-crm",
      "trigger-billing",
    ]);
  });
});
