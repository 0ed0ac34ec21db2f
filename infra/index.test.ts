import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { type Run, runProgram, settled } from "../components/testing/mocks.ts";
import program from "./index.ts";

type Outputs = Awaited<ReturnType<typeof program>>;

/** Configuration of a stack file, as the engine hands it to the program. */
function configure(stack: string, changes: Readonly<Record<string, unknown>> = {}): void {
  const file = readFileSync(new URL(`../stacks/Pulumi.${stack}.yaml`, import.meta.url), "utf8");
  const config = { ...(parse(file) as { config: Record<string, unknown> }).config, ...changes };
  const text = Object.entries(config)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
  pulumi.runtime.setAllConfig(Object.fromEntries(text));
}

async function runStack(preview = false): Promise<{ run: Run; outputs: Outputs }> {
  let outputs: Outputs | undefined;
  const start = async () => {
    outputs = await program();
  };
  const run = await runProgram(start, { preview });
  if (outputs === undefined) throw new Error("the program returned nothing");
  return { run, outputs };
}

/** Every resource of the sandbox stack. A change here is a change of what a laptop and a tenant hold: look at it twice. */
const SANDBOX = {
  "azuread:index/appRoleAssignment:AppRoleAssignment": 29,
  "azuread:index/application:Application": 5,
  "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": 4,
  "azuread:index/applicationPassword:ApplicationPassword": 2,
  "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy": 13,
  "azuread:index/group:Group": 8,
  "azuread:index/namedLocation:NamedLocation": 2,
  "azuread:index/servicePrincipal:ServicePrincipal": 5,
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant": 5,
  "azure-native:authorization:RoleAssignment": 45,
  "azure-native:databricks:Workspace": 1,
  "azure-native:keyvault:Secret": 26,
  "azure-native:keyvault:Vault": 1,
  "azure-native:managedidentity:FederatedIdentityCredential": 15,
  "azure-native:managedidentity:UserAssignedIdentity": 15,
  "azure-native:monitor:DiagnosticSetting": 1,
  "azure-native:network:NatGateway": 1,
  "azure-native:network:NetworkSecurityGroup": 1,
  "azure-native:network:PublicIPAddress": 1,
  "azure-native:network:Subnet": 2,
  "azure-native:network:VirtualNetwork": 1,
  "azure-native:operationalinsights:Workspace": 1,
  "azure-native:resources:ResourceGroup": 1,
  "databricks:index/entitlements:Entitlements": 5,
  "databricks:index/grant:Grant": 10,
  "databricks:index/ipAccessList:IpAccessList": 1,
  "databricks:index/mwsPermissionAssignment:MwsPermissionAssignment": 6,
  "databricks:index/restrictWorkspaceAdminsSetting:RestrictWorkspaceAdminsSetting": 1,
  "databricks:index/servicePrincipal:ServicePrincipal": 1,
  "databricks:index/servicePrincipalFederationPolicy:ServicePrincipalFederationPolicy": 1,
  "databricks:index/workspaceConf:WorkspaceConf": 1,
  "random:index/randomBytes:RandomBytes": 1,
  "random:index/randomPassword:RandomPassword": 21,
  "tls:index/privateKey:PrivateKey": 1,
  "kubernetes:apps/v1:Deployment": 13,
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": 4,
  "kubernetes:batch/v1:CronJob": 2,
  "kubernetes:batch/v1:Job": 5,
  "kubernetes:cilium.io/v2:CiliumNetworkPolicy": 32,
  "kubernetes:core/v1:ConfigMap": 16,
  "kubernetes:core/v1:Namespace": 6,
  "kubernetes:core/v1:Service": 8,
  "kubernetes:core/v1:ServiceAccount": 15,
  "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute": 7,
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": 23,
  "kubernetes:policy/v1:PodDisruptionBudget": 10,
  "kubernetes:rbac.authorization.k8s.io/v1:Role": 3,
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": 3,
  "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass": 13,
};

/** Resources of a platform by `module:Type`. */
function platformCounts(run: Run): Record<string, number> {
  const modules =
    /^azure-native:((aadiam|consumption|containerservice|dbforpostgresql|dns|monitor|network|operationalinsights|privatedns|redisenterprise|resources):.+|authorization:ManagementLockByScope)$/;
  const counts = Object.entries(run.counts()).flatMap(([type, count]) => {
    const short = modules.exec(type)?.[1];
    return short === undefined ? [] : [[short, count] as const];
  });
  return Object.fromEntries(counts);
}

/** Issuers that federated credentials of Azure's identities trust. */
function issuers(run: Run): string[] {
  const federations = run.resources.filter(({ type }) => type.endsWith(":FederatedIdentityCredential"));
  return federations.map(({ inputs }) => String(inputs.issuer));
}

/** What the program asks providers, by function. */
const CALLS = {
  "azuread:index/getClientConfig:getClientConfig": 6,
  "azuread:index/getServicePrincipal:getServicePrincipal": 7,
  "azuread:index/getUsers:getUsers": 1,
  "databricks:index/getAccountIamExternalGroupV2:getAccountIamExternalGroupV2": 5,
  "databricks:index/getGroup:getGroup": 1,
};

/** What a new window of the secret calendar draws again: the older of each two keys, and the proxies' cookie keys. */
const ROTATED = [
  "airflow-fernet-key-a",
  "openmetadata-proxy-cookie-secret",
  "reports-proxy-acme-cookie-secret",
  "reports-proxy-cookie-secret",
  "superset-secret-key-a",
];

describe("the program", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-23T12:00:00Z") });
    configure("sandbox");
  });
  afterEach(() => vi.useRealTimers());

  it("registers exactly the sandbox stack's resources, each with its explicit provider", async () => {
    const { run } = await runStack();
    expect(run.counts()).toEqual(SANDBOX);
    const custom = run.resources.filter(({ type }) => type in SANDBOX);
    expect(custom.filter(({ provider }) => !provider)).toEqual([]);
    expect(run.resources.filter(({ type }) => type.startsWith("pulumi:providers:"))).toHaveLength(7);
  });

  it("asks for all people at once, and for little else", async () => {
    const { run } = await runStack();
    const asked = new Map<string, number>();
    for (const { token } of run.calls) asked.set(token, (asked.get(token) ?? 0) + 1);
    expect(Object.fromEntries(asked)).toEqual(CALLS);
  });

  it("returns the outputs that commands rely on", async () => {
    const { outputs } = await runStack();
    const known = await settled(pulumi.output(outputs));
    expect(Object.keys(known.tools)).toEqual([
      "airflow",
      "reports",
      "databricks",
      "metabase",
      "openmetadata",
      "superset",
    ]);
    expect(known).toMatchObject({
      tools: {
        superset: {
          url: "https://superset.data.contoso.com",
          clientId: "client-of-superset-app",
          tenantId: "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10",
          namespace: "superset",
          serviceAccount: "superset",
          issuer: "https://oidc.sandbox.contoso.example/cluster-1",
        },
      },
      keyVault: expect.stringMatching(/^kv-sandbox-[0-9a-f]{6}$/),
      resourceGroup: "rg-entrada-sandbox",
      conditionalAccess: {
        "Contoso sandbox - Multifactor authentication for everybody in the company": "enabled",
        "Contoso sandbox - Phishing-resistant sign-in for administrators": "enabled",
      },
    });
    expect(Object.keys(known.conditionalAccess)).toHaveLength(13);
  });

  it("guards the stack's tools by their client ids, and spares the break-glass accounts through their group", async () => {
    const { run } = await runStack();
    expect(run.find("azuread:index/group:Group", "break-glass").inputs).toMatchObject({
      displayName: "Contoso sandbox break-glass",
      owners: ["deployer"],
      members: ["person-breakglass-1@contoso.com", "person-breakglass-2@contoso.com"],
    });
    const policy = "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy";
    expect(run.find(policy, "baseline-admins").inputs).toMatchObject({
      state: "enabled",
      conditions: {
        users: { includedGroups: ["object-of-bi-admins"], excludedGroups: ["object-of-break-glass"] },
        applications: {
          includedApplications: [
            "client-of-airflow-app",
            "client-of-reports-app",
            "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d",
            "client-of-metabase-app",
            "client-of-openmetadata-app",
            "client-of-superset-app",
          ],
        },
      },
    });
  });

  it("makes no policy and no group where Conditional Access is off", async () => {
    configure("dev", { "entrada:conditionalAccess": { state: "off", breakGlass: ["breakglass-1", "breakglass-2"] } });
    const { run, outputs } = await runStack();
    expect(run.resources.filter(({ type }) => /conditionalAccess|namedLocation/.test(type))).toEqual([]);
    expect(run.counts()["azuread:index/group:Group"]).toBe(2);
    expect(outputs.conditionalAccess).toEqual({});
  });

  it("previews the same resources while ids are unknown", async () => {
    const { run } = await runStack(true);
    expect(run.counts()).toEqual(SANDBOX);
  });

  it("leaves out what the settings leave out", async () => {
    configure("sandbox", { "entrada:tools": {}, "entrada:partners": {} });
    const { run, outputs } = await runStack();
    expect(run.counts()).toEqual({
      "azuread:index/group:Group": 7,
      "azure-native:resources:ResourceGroup": 1,
      "azure-native:keyvault:Vault": 1,
    });
    expect(outputs.tools).toEqual({});
  });

  it("changes nothing within a window of the secret calendar, and the older of two keys at the next", async () => {
    const values = async (day: string) => {
      vi.setSystemTime(new Date(day));
      configure("sandbox");
      const { run } = await runStack();
      const passwords = run.resources.filter(({ type }) => type.endsWith(":RandomPassword"));
      return Object.fromEntries(passwords.map(({ name, inputs }) => [name, JSON.stringify(inputs)]));
    };
    const first = await values("2026-11-12T00:00:00Z");
    expect(await values("2026-12-26T23:59:59Z")).toEqual(first);
    const next = await values("2026-12-27T00:00:00Z");
    expect(
      Object.keys(next)
        .filter((name) => next[name] !== first[name])
        .sort(),
    ).toEqual(ROTATED);
  });

  it("throws every problem of bad settings before anything is registered, providers included", async () => {
    configure("sandbox", { "entrada:tenantId": "common", "entrada:location": undefined });
    let refused: unknown;
    const run = await runProgram(() => program().catch((error: unknown) => (refused = error)));
    expect(pulumi.RunError.isInstance(refused)).toBe(true);
    expect(String(refused)).toMatch(/tenantId[\s\S]*location|location[\s\S]*tenantId/);
    expect(run.resources).toEqual([]);
    expect(run.calls).toEqual([]);
  });

  it("makes prod's platform, each part once, and lets the tools trust the issuer that it gets", async () => {
    configure("prod");
    const { run, outputs } = await runStack();
    expect(platformCounts(run)).toEqual({
      "aadiam:DiagnosticSetting": 1,
      "authorization:ManagementLockByScope": 3,
      "consumption:Budget": 1,
      "containerservice:AgentPool": 1,
      "containerservice:MaintenanceConfiguration": 2,
      "containerservice:ManagedCluster": 1,
      "dbforpostgresql:AdministratorsMicrosoftEntra": 1,
      "dbforpostgresql:Configuration": 1,
      "dbforpostgresql:Database": 1,
      "dbforpostgresql:Server": 1,
      "dns:RecordSet": 1,
      "dns:Zone": 1,
      "monitor:DiagnosticSetting": 7,
      "network:NatGateway": 1,
      "network:NetworkSecurityGroup": 2,
      "network:PrivateDnsZoneGroup": 3,
      "network:PrivateEndpoint": 3,
      "network:PublicIPAddress": 1,
      "network:Subnet": 2,
      "network:VirtualNetwork": 1,
      "operationalinsights:Workspace": 1,
      "privatedns:PrivateZone": 3,
      "privatedns:VirtualNetworkLink": 3,
      "redisenterprise:Database": 1,
      "redisenterprise:RedisEnterprise": 1,
      "resources:ResourceGroup": 2,
    });
    expect(new Set(issuers(run))).toEqual(new Set(["https://issuer-of-aks.contoso.com/"]));
    expect(await settled(pulumi.output(outputs))).toMatchObject({
      platform: { resourceGroup: "rg-platform-prod", cluster: "aks-prod", egressAddress: "192.0.2.44" },
    });
    const kubernetes = run.resources.find(({ type }) => type === "pulumi:providers:kubernetes");
    expect(Object.keys(kubernetes?.inputs ?? {})).toEqual(["kubeconfig"]);
  });

  it("gives dev what it lacks beside the company's own platform, and nothing else", async () => {
    configure("dev");
    const { run, outputs } = await runStack();
    expect(platformCounts(run)).toEqual({
      "dbforpostgresql:Database": 1,
      "monitor:DiagnosticSetting": 3,
      "network:PrivateDnsZoneGroup": 3,
      "network:PrivateEndpoint": 3,
      "privatedns:PrivateZone": 3,
      "privatedns:VirtualNetworkLink": 3,
      "resources:ResourceGroup": 2,
    });
    expect(issuers(run).every((issuer) => issuer.includes("0c6d1f4e-7a53"))).toBe(true);
    expect(outputs).toHaveProperty("platform.resourceGroup");
  });

  it.each(["dev", "staging", "prod"])("runs the stack %s", async (stack) => {
    configure(stack);
    const { run } = await runStack();
    expect(run.counts()["azuread:index/application:Application"]).toBe(1);
  });
});
