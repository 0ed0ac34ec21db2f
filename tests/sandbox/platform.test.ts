import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { loadSettings, stackFile } from "../../cli/project.ts";
import { platformNames } from "../../model/index.ts";
import { clusterIssuer } from "../../sandbox/aks-issuer.ts";
import { TestSandbox } from "./harness.ts";
import { directory, stateResources } from "./live.ts";

const sandbox = new TestSandbox();
const folder = mkdtempSync(join(tmpdir(), "entrada-beside-"));
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await sandbox.dispose();
});

const prod = loadSettings(stackFile("prod"));
const names = platformNames(prod);
const group = `/subscriptions/${prod.subscriptionId}/resourceGroups/${names.resourceGroup}`;

/** Resources of the platform in Pulumi's state, as `module:Type`, each with its number. */
function platformTypes(stack: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of stateResources(sandbox, stack)) {
    const short =
      /^azure-native:((?:aadiam|consumption|containerservice|dbforpostgresql|dns|network|privatedns|redisenterprise):\w+|authorization:ManagementLockByScope|monitor:DiagnosticSetting)$/.exec(
        type,
      )?.[1];
    if (short !== undefined) counts[short] = (counts[short] ?? 0) + 1;
  }
  return counts;
}

/** An environment beside prod, of the same tenant, that stands on what prod made. */
function besideProd(): string {
  const content = parse(readFileSync(stackFile("dev"), "utf8")) as { config: Record<string, unknown> };
  const id = (type: string, name: string) => `${group}/providers/${type}/${name}`;
  Object.assign(content.config, {
    "entrada:tenantId": prod.tenantId,
    "entrada:subscriptionId": prod.subscriptionId,
    // Of its own, since prod's groups have these names in the tenant already.
    "entrada:teams": { "dev-admins": { privileged: true, owners: ["ana.lima", "jon.berg"], members: ["ana.lima"] } },
    "entrada:tools": {},
    "entrada:conditionalAccess": { state: "off", breakGlass: ["breakglass-1", "breakglass-2"] },
    "entrada:cluster": {
      gateway: prod.cluster.gateway,
      oidcIssuer: clusterIssuer(prod.location, prod.tenantId, names.clusterId),
    },
    "entrada:platform": {
      network: { existing: id("Microsoft.Network/virtualNetworks", "vnet-prod") },
      privateZones: { existing: group },
      logs: { existing: id("Microsoft.OperationalInsights/workspaces", "log-platform-prod") },
      cluster: { existing: id("Microsoft.ContainerService/managedClusters", names.cluster) },
      postgres: { existing: id("Microsoft.DBforPostgreSQL/flexibleServers", "contoso-prod") },
      redis: { existing: id("Microsoft.Cache/redisEnterprise", "contoso-prod") },
      dns: { existing: id("Microsoft.Network/dnszones", prod.domain), issuer: false },
    },
  });
  const file = join(folder, "Pulumi.dev.yaml");
  writeFileSync(file, stringify(content));
  return file;
}

describe("prod on a platform that the stack makes", () => {
  let first = "";
  beforeAll(async () => {
    first = await sandbox.ok("sandbox", "up", "--stack", "prod");
  });

  it("passes its preview under every policy, and comes up", () => {
    expect(first).toMatch(/Previewing with policies/);
    expect(first).toMatch(/\d+ resources up in/);
    expect(platformTypes("prod")).toEqual({
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
      "privatedns:PrivateZone": 3,
      "privatedns:VirtualNetworkLink": 3,
      "redisenterprise:Database": 1,
      "redisenterprise:RedisEnterprise": 1,
    });
  });

  it("changes nothing the second time, also after looking at everything anew", async () => {
    expect(await sandbox.ok("sandbox", "preview", "--stack", "prod")).toMatch(/Nothing would change/);
    expect(await sandbox.ok("sandbox", "up", "--stack", "prod", "--refresh")).toMatch(/Nothing changed/);
  });

  it("trusts the issuer that Azure gave the cluster, which is the one that the cluster has", () => {
    const issuer = clusterIssuer(prod.location, prod.tenantId, names.clusterId);
    const federations = Object.values(directory(sandbox).armResources).filter(({ type }) =>
      type.endsWith("/federatedIdentityCredentials"),
    );
    expect(federations.length).toBeGreaterThan(1);
    for (const { properties } of federations) expect(properties.issuer).toBe(issuer);
  });
});

describe("an environment that stands on what exists", () => {
  it("previews, comes up and changes nothing the second time, under every policy", async () => {
    const file = besideProd();
    expect(await sandbox.ok("sandbox", "preview", "--stack", "dev", "--stack-file", file)).toMatch(/\d+ create/);
    expect(await sandbox.ok("sandbox", "up", "--stack", "dev", "--stack-file", file)).toMatch(/\d+ resources up in/);
    expect(platformTypes("dev")).toEqual({
      "monitor:DiagnosticSetting": 3,
      "network:PrivateDnsZoneGroup": 3,
      "network:PrivateEndpoint": 3,
    });
    const again = await sandbox.ok("sandbox", "up", "--stack", "dev", "--stack-file", file);
    expect(again).toMatch(/Nothing changed/);
  });
});

// Last: what nobody else needs is gone afterwards.
describe("an order to remove prod", () => {
  it("is refused for what cannot be made again", async () => {
    const result = await sandbox.run("sandbox", "destroy", "--stack", "prod");
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/ManagedCluster::aks" cannot be deleted\s+because it is protected/);
    const kept = ["dbforpostgresql:Server", "dbforpostgresql:Database", "containerservice:ManagedCluster", "dns:Zone"];
    for (const type of kept) expect({ type, count: platformTypes("prod")[type] }).toEqual({ type, count: 1 });
  });
});
