import { beforeEach, describe, expect, it } from "vitest";
import { type ArmWorld, armWorld, GROUP, SCOPE } from "./testing.ts";

const NETWORK = `${GROUP}/providers/Microsoft.Network`;
const VNET = `${NETWORK}/virtualNetworks/vnet`;
const WORKSPACE = `${GROUP}/providers/Microsoft.Databricks/workspaces/dbw`;
const LOGS = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/logs`;
const location = "westeurope";

let world: ArmWorld;
beforeEach(async () => {
  world = armWorld();
  await world.arm("PUT", GROUP, { location });
});

const v = (path: string, version: string) => `${path}?api-version=${version}`;
const network = (method: string, path: string, body?: unknown) =>
  world.arm(method, v(`${NETWORK}${path}`, "2024-05-01"), body);
const databricks = (method: string, body?: unknown) => world.arm(method, v(WORKSPACE, "2026-01-01"), body);

const subnet = (prefix: string, changes: Record<string, unknown> = {}) => ({
  properties: {
    addressPrefix: prefix,
    networkSecurityGroup: { id: `${NETWORK}/networkSecurityGroups/nsg` },
    delegations: [{ name: "d", properties: { serviceName: "Microsoft.Databricks/workspaces" } }],
    ...changes,
  },
});
const workspace = (changes: Record<string, unknown> = {}, parameters: Record<string, unknown> = {}) => ({
  location,
  sku: { name: "premium" },
  properties: {
    computeMode: "Hybrid",
    managedResourceGroupId: `${SCOPE}/resourceGroups/rg-managed`,
    parameters: {
      enableNoPublicIp: { value: true },
      customVirtualNetworkId: { value: VNET },
      customPublicSubnetName: { value: "one" },
      customPrivateSubnetName: { value: "two" },
      ...parameters,
    },
    ...changes,
  },
});

async function withNetwork(): Promise<void> {
  await network("PUT", "/networkSecurityGroups/nsg", { location });
  const addressSpace = { addressPrefixes: ["10.0.0.0/16"] };
  await network("PUT", "/virtualNetworks/vnet", { location, properties: { addressSpace } });
  await network("PUT", "/virtualNetworks/vnet/subnets/one", subnet("10.0.0.0/24"));
  await network("PUT", "/virtualNetworks/vnet/subnets/two", subnet("10.0.1.0/24"));
}

describe("networks", () => {
  it("keep subnets inside and apart, written one after the other", async () => {
    await withNetwork();
    const put = (name: string, prefix: string) =>
      network("PUT", `/virtualNetworks/vnet/subnets/${name}`, subnet(prefix));
    expect((await put("three", "10.1.0.0/24")).body.error.code).toBe("NetcfgSubnetRangeOutsideVnet");
    expect((await put("three", "10.0.1.128/25")).body.error.code).toBe("NetcfgSubnetRangesOverlap");
    const both = await Promise.all([put("three", "10.0.3.0/24"), put("four", "10.0.4.0/24")]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const { body } = await network("GET", "/virtualNetworks/vnet");
    expect(body.properties.subnets.map(({ name }: { name: string }) => name)).toHaveLength(3);
    const narrow = { location, properties: { addressSpace: { addressPrefixes: ["10.0.0.0/24"] } } };
    expect((await network("PUT", "/virtualNetworks/vnet", narrow)).status).toBe(400);
  });

  it("give an address that stays, to a gateway that names it", async () => {
    const address = { location, sku: { name: "Standard" }, properties: { publicIPAllocationMethod: "Static" } };
    const { body } = await network("PUT", "/publicIPAddresses/pip", address);
    expect(body.properties.ipAddress).toMatch(/^192\.0\.2\.\d+$/);
    const again = await network("PUT", "/publicIPAddresses/pip", address);
    expect(again.body.properties.ipAddress).toBe(body.properties.ipAddress);
    const gateway = (id: string) => ({
      location,
      sku: { name: "Standard" },
      properties: { publicIpAddresses: [{ id }] },
    });
    expect((await network("PUT", "/natGateways/ng", gateway(`${body.id}x`))).body.error.code).toBe(
      "InvalidResourceReference",
    );
    expect((await network("PUT", "/natGateways/ng", gateway(body.id))).status).toBe(201);
    expect((await network("DELETE", "/publicIPAddresses/pip")).body.error.code).toBe("PublicIPAddressCannotBeDeleted");
    expect((await network("DELETE", "/natGateways/ng")).status).toBe(200);
    expect((await network("DELETE", "/publicIPAddresses/pip")).status).toBe(200);
  });
});

describe("Databricks workspaces", () => {
  it("want two subnets that are handed to them and have rules", async () => {
    expect((await databricks("PUT", workspace())).body.error.code).toBe("InvalidResourceReference");
    await withNetwork();
    await network("PUT", "/virtualNetworks/vnet/subnets/plain", subnet("10.0.5.0/24", { delegations: [] }));
    const bare = subnet("10.0.6.0/24", { networkSecurityGroup: undefined });
    await network("PUT", "/virtualNetworks/vnet/subnets/bare", bare);
    const codes = ["plain", "bare", "none"].map(async (name) => {
      const { body } = await databricks("PUT", workspace({}, { customPrivateSubnetName: { value: name } }));
      return body.error.code;
    });
    expect(await Promise.all(codes)).toEqual([
      "SubnetDelegationMissing",
      "SubnetNsgMissing",
      "InvalidResourceReference",
    ]);
    expect((await databricks("PUT", { ...workspace(), sku: { name: "standard" } })).body.error.code).toBe("InvalidSku");
  });

  it("come with an address and a managed group, keep their network, and take both along", async () => {
    await withNetwork();
    const made = await databricks("PUT", workspace());
    expect(made.status).toBe(201);
    expect(made.headers.get("azure-asyncoperation")).toContain("Microsoft.Databricks");
    const { properties } = made.body;
    expect(properties.provisioningState).toBe("Creating");
    expect(properties.workspaceUrl).toBe(
      `adb-${properties.workspaceId}.${properties.workspaceId % 20}.azuredatabricks.net`,
    );
    world.wait(1_500);
    expect((await databricks("GET")).body.properties.provisioningState).toBe("Succeeded");
    const managed = `${SCOPE}/resourceGroups/rg-managed`;
    expect((await world.arm("GET", v(managed, "2024-03-01"))).status).toBe(200);
    const moved = await databricks("PUT", workspace({}, { customPublicSubnetName: { value: "two" } }));
    expect(moved.body.error.code).toBe("WorkspaceUpdateNotSupported");
    expect((await databricks("PUT", workspace())).body.properties.workspaceId).toBe(properties.workspaceId);
    const inUse = await network("DELETE", "/virtualNetworks/vnet/subnets/one");
    expect(inUse.body.error.code).toBe("InUseSubnetCannotBeDeleted");
    const { databricks: data } = world.context.store.data;
    expect(Object.keys(data?.workspaces ?? {})).toEqual([properties.workspaceId]);
    expect((await databricks("DELETE")).status).toBe(202);
    expect(data?.workspaces).toEqual({});
    expect((await world.arm("GET", v(managed, "2024-03-01"))).status).toBe(404);
    expect((await network("DELETE", "/virtualNetworks/vnet/subnets/one")).status).toBe(200);
  });

  it("send known log categories to a workspace that is there", async () => {
    await withNetwork();
    await databricks("PUT", workspace());
    const setting = (category: string, workspaceId = LOGS) =>
      world.arm("PUT", v(`${WORKSPACE}/providers/Microsoft.Insights/diagnosticSettings/s`, "2021-05-01-preview"), {
        properties: { workspaceId, logs: [{ category, enabled: true }] },
      });
    expect((await setting("accounts")).body.error.code).toBe("InvalidResourceReference");
    const logs = { location, properties: { retentionInDays: 90 } };
    expect((await world.arm("PUT", v(LOGS, "2023-09-01"), logs)).status).toBe(201);
    expect(
      (await world.arm("PUT", v(LOGS, "2023-09-01"), { location, properties: { retentionInDays: 7 } })).status,
    ).toBe(400);
    expect((await setting("AuditEvent")).body.error.message).toContain("not supported");
    expect((await setting("accounts")).status).toBe(200);
    await databricks("DELETE");
    expect((await setting("accounts")).status).toBe(404);
  });
});
