import { z } from "zod";
import { newWorkspace } from "../databricks/life.ts";
import type { ArmResource } from "../directory.ts";
import { ArmError, armBadRequest, armConflict } from "./errors.ts";
import { asyncOperationHeaders, isRunning } from "./operations.ts";
import { plainResourceRoutes, referenced } from "./plain-resource.ts";
import { type ArmRequest, type ArmRoute, findResource, location, tags } from "./request.ts";
import { DATABRICKS_TYPE, RESOURCE_GROUP_TYPE, SUBNET_TYPE, VIRTUAL_NETWORK_TYPE } from "./types.ts";

const PROVIDER = "Microsoft.Databricks";
const textParameter = z.strictObject({ value: z.string().min(1), type: z.literal("String").optional() });
const flagParameter = z.strictObject({ value: z.boolean(), type: z.literal("Bool").optional() });

const properties = z.strictObject({
  computeMode: z.literal("Hybrid", "must be Hybrid: the sandbox does not emulate serverless workspaces"),
  managedResourceGroupId: z.string().regex(/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i, "must be a group's id"),
  publicNetworkAccess: z.enum(["Enabled", "Disabled"]).default("Enabled"),
  requiredNsgRules: z.enum(["AllRules", "NoAzureDatabricksRules"]).default("AllRules"),
  parameters: z.strictObject({
    enableNoPublicIp: flagParameter.default({ value: true }),
    // The sandbox knows workspaces in a network of the company's own; Databricks' managed one has other traps.
    customVirtualNetworkId: textParameter,
    customPublicSubnetName: textParameter,
    customPrivateSubnetName: textParameter,
  }),
});
type Properties = z.output<typeof properties>;

/**
 * https://learn.microsoft.com/rest/api/databricks/workspaces: a workspace takes a while to be there, keeps its network and
 * its managed resource group for life, and runs in two subnets that are handed to it and have rules.
 */
export const databricksWorkspaceRoutes: readonly ArmRoute[] = plainResourceRoutes({
  type: DATABRICKS_TYPE,
  name: /^[\w-]{3,64}$/,
  body: z.strictObject({
    location,
    tags,
    sku: z.strictObject({ name: z.enum(["premium", "standard"]), tier: z.string().optional() }),
    properties,
  }),
  properties: (request, { properties: asked, sku, location: region }, before, id) => {
    if (before === undefined) checkNetwork(request, asked, id);
    else checkUnchanged(before, asked);
    if (before !== undefined) return { ...before.properties, ...asked };
    if (sku.name === "standard") throw armBadRequest("The pricing tier 'standard' is retired.", "InvalidSku");
    const name = id.slice(id.lastIndexOf("/") + 1);
    const workspace = newWorkspace(id, name);
    makeManagedGroup(request, asked.managedResourceGroupId, region, id);
    request.context.store.mutate((data) => {
      if (data.databricks === undefined) throw new Error("The seed made no Databricks account.");
      data.databricks.workspaces[workspace.id] = workspace;
    });
    return {
      ...asked,
      workspaceId: workspace.id,
      workspaceUrl: workspace.host,
      isUcEnabled: true,
      createdDateTime: request.context.now().toISOString(),
    };
  },
  json: (request, workspace) => {
    const created = new Date(workspace.systemData?.createdAt ?? 0).getTime();
    const provisioningState = isRunning(request, created) ? "Creating" : "Succeeded";
    return { ...workspace, properties: { ...workspace.properties, provisioningState } };
  },
  creating: (request, { location: region }) => asyncOperationHeaders(request, region, PROVIDER),
  deleted: (request, { location: region }) => {
    const { "Azure-AsyncOperation": operation = "", ...headers } = asyncOperationHeaders(
      request,
      region ?? "",
      PROVIDER,
    );
    return { status: 202, headers: { ...headers, Location: operation } };
  },
});

/** https://learn.microsoft.com/azure/databricks/security/network/classic/vnet-inject#requirements */
function checkNetwork(request: ArmRequest, { parameters }: Properties, id: string): void {
  const network = referenced(request, parameters.customVirtualNetworkId.value, VIRTUAL_NETWORK_TYPE, id);
  for (const { value: name } of [parameters.customPublicSubnetName, parameters.customPrivateSubnetName]) {
    const subnet = referenced(
      request,
      `${network.id}/subnets/${name}`,
      SUBNET_TYPE as "Microsoft.Network/virtualNetworks/subnets",
      id,
    );
    const delegations = subnet.properties.delegations as { properties: { serviceName: string } }[];
    if (!delegations.some(({ properties: { serviceName } }) => serviceName === DATABRICKS_TYPE)) {
      throw armBadRequest(
        `The subnet '${name}' of the virtual network is not delegated to ${DATABRICKS_TYPE}.`,
        "SubnetDelegationMissing",
      );
    }
    if (subnet.properties.networkSecurityGroup === undefined) {
      throw armBadRequest(`The subnet '${name}' has no network security group.`, "SubnetNsgMissing");
    }
  }
}

function checkUnchanged(before: ArmResource, asked: Properties): void {
  const old = before.properties as unknown as Properties;
  const same = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();
  if (!same(old.managedResourceGroupId, asked.managedResourceGroupId)) {
    throw armConflict("ApplicationUpdateFail", "The managed resource group of a workspace cannot be changed.");
  }
  for (const key of ["customVirtualNetworkId", "customPublicSubnetName", "customPrivateSubnetName"] as const) {
    if (same(old.parameters[key].value, asked.parameters[key].value)) continue;
    throw armBadRequest(`The parameter '${key}' of a workspace cannot be changed.`, "WorkspaceUpdateNotSupported");
  }
}

/** Azure makes the group in which Databricks keeps what it needs; one that is there already is refused. */
function makeManagedGroup(request: ArmRequest, id: string, region: string, managedBy: string): void {
  if (findResource(request.data, id) !== undefined) {
    throw new ArmError(
      409,
      "ManagedResourceGroupAlreadyExists",
      `The managed resource group '${id}' already exists. Choose another name.`,
    );
  }
  request.context.store.mutate((data) => {
    data.armResources[id.toLowerCase()] = {
      id,
      name: id.slice(id.lastIndexOf("/") + 1),
      type: RESOURCE_GROUP_TYPE,
      location: region,
      properties: { provisioningState: "Succeeded", managedBy },
    };
  });
}
