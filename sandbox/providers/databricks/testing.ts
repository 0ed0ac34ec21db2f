import { blankGroup } from "../../emulator/graph/groups/blank.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { deploy, refTo, type TestCloud, testCloud } from "../testing.ts";

const NETWORK = "azure-native:network:";

/** A workspace in its network, and both providers configured, as a program's first `up` leaves them. */
export interface WorkspaceCloud extends TestCloud {
  readonly accountId: string;
  readonly workspaceId: string;
  readonly host: string;
  readonly resourceId: string;
  /** Object id of a new group of Entra with these members. */
  group(name: string, members: readonly string[]): string;
  /** The stand-in's own answer to a group: `{internalId, displayName}`. */
  resolve(objectId: string): Promise<PropertyMap>;
}

export const WORKSPACE_ARGS: PropertyMap = {
  workspaceName: "dbw-test",
  resourceGroupName: "rg-data",
  sku: { name: "premium" },
  computeMode: "Hybrid",
  publicNetworkAccess: "Enabled",
  requiredNsgRules: "AllRules",
};

/** The network of a workspace: rules, an address, a gateway, the network, two subnets that are handed over. */
export async function deployNetwork({ azureNative }: TestCloud, delegation = "Microsoft.Databricks/workspaces") {
  const make = (type: string, inputs: PropertyMap) =>
    deploy(azureNative, refTo(type), { resourceGroupName: "rg-data", ...inputs });
  await deploy(azureNative, refTo("azure-native:resources:ResourceGroup"), {
    resourceGroupName: "rg-data",
    location: "westeurope",
  });
  const rules = await make(`${NETWORK}NetworkSecurityGroup`, { networkSecurityGroupName: "nsg-test" });
  const address = await make(`${NETWORK}PublicIPAddress`, {
    publicIpAddressName: "pip-test",
    sku: { name: "Standard" },
    publicIPAllocationMethod: "Static",
  });
  const gateway = await make(`${NETWORK}NatGateway`, {
    natGatewayName: "ng-test",
    sku: { name: "Standard" },
    publicIpAddresses: [{ id: address.id }],
  });
  const network = await make(`${NETWORK}VirtualNetwork`, {
    virtualNetworkName: "vnet-test",
    addressSpace: { addressPrefixes: ["10.139.0.0/16"] },
  });
  const subnets = await Promise.all(
    ["10.139.0.0/18", "10.139.64.0/18"].map((addressPrefix, index) =>
      make(`${NETWORK}Subnet`, {
        virtualNetworkName: "vnet-test",
        subnetName: `snet-${index}`,
        addressPrefix,
        defaultOutboundAccess: false,
        natGateway: { id: gateway.id },
        networkSecurityGroup: { id: rules.id },
        delegations: [{ name: "delegation", serviceName: delegation }],
      }),
    ),
  );
  const parameters = {
    enableNoPublicIp: { value: true },
    customVirtualNetworkId: { value: network.id },
    customPublicSubnetName: { value: "snet-0" },
    customPrivateSubnetName: { value: "snet-1" },
  };
  const managedResourceGroupId = `/subscriptions/${rules.id.split("/")[2]}/resourceGroups/rg-managed`;
  return {
    rules,
    address,
    gateway,
    network,
    subnets,
    workspace: { ...WORKSPACE_ARGS, parameters, managedResourceGroupId },
  };
}

export async function workspaceCloud(): Promise<WorkspaceCloud> {
  const cloud = testCloud();
  const { workspace: args } = await deployNetwork(cloud);
  const workspace = await deploy(cloud.azureNative, refTo("azure-native:databricks:Workspace"), args);
  const { data } = cloud.world.context.store;
  const accountId = data.databricks?.account.id ?? "";
  const host = String(workspace.outputs.workspaceUrl);
  await cloud.databricks.configure({ host: "https://accounts.azuredatabricks.net", accountId });
  await cloud.databricks.configure({ host: `https://${host}`, azureWorkspaceResourceId: workspace.id });
  return {
    ...cloud,
    accountId,
    workspaceId: String(workspace.outputs.workspaceId),
    host,
    resourceId: workspace.id,
    group: (name, members) => {
      const id = `00000000-0000-4000-8000-${String(Object.keys(data.groups).length + 1).padStart(12, "0")}`;
      data.groups[id] = blankGroup({
        id,
        displayName: name,
        mailNickname: name,
        securityEnabled: true,
        createdDateTime: "2026-01-01T00:00:00Z",
        members: [...members],
      });
      return id;
    },
    resolve: (objectId) =>
      cloud.databricks.invoke("databricks:index/getAccountIamExternalGroupV2:getAccountIamExternalGroupV2", {
        name: `accounts/${accountId}/external-groups/${objectId}`,
      }),
  };
}
