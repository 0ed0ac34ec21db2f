import { Workspace } from "@pulumi/azure-native/databricks/workspace.js";
import * as pulumi from "@pulumi/pulumi";
import { AuditLog } from "../../azure/audit-log.ts";
import { DelegatedNetwork } from "../../azure/delegated-network.ts";
import type { ToolEnvironment } from "../environment.ts";
import type { DatabricksSettings } from "./settings.ts";

/**
 * What the workspace logs about people and their work (Premium only). Events of the account are not among them: those are
 * in the system table `system.access.audit`.
 * https://learn.microsoft.com/azure/databricks/admin/account-settings/audit-logs
 */
export const LOG_CATEGORIES = [
  "accounts",
  "clusters",
  "jobs",
  "notebook",
  "sqlPermissions",
  "secrets",
  "unityCatalog",
  "modelRegistry",
  "mlflowExperiment",
  "mlflowAcledArtifact",
  "iamRole",
  "serverlessRealTimeInference",
  "workspace",
  "databrickssql",
  "repos",
  "gitCredentials",
  "webTerminal",
] as const;

const PUBLIC = "snet-databricks-public";
const PRIVATE = "snet-databricks-private";

/** A Premium workspace whose clusters run in a network of our own, without public addresses, and whose audit logs are kept. */
export class DatabricksWorkspace extends pulumi.ComponentResource {
  readonly resource: Workspace;
  /** Number of the workspace in Databricks' own APIs. */
  readonly workspaceId: pulumi.Output<string>;
  /** `adb-<workspace id>.<number>.azuredatabricks.net`. */
  readonly host: pulumi.Output<string>;
  /** The public address from which clusters call. */
  readonly egressAddress: pulumi.Output<string>;

  constructor(
    name: string,
    { settings, environment }: { readonly settings: DatabricksSettings; readonly environment: ToolEnvironment },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("entrada:databricks:Workspace", name, {}, opts);
    const { environment: stack, location, subscriptionId, vault, protect } = environment;
    const { resourceGroupName } = vault;
    const child = { parent: this };
    const network = new DelegatedNetwork(
      `${name}-network`,
      {
        suffix: `databricks-${stack}`,
        resourceGroupName,
        location,
        addressSpace: settings.network.addressSpace,
        subnets: { [PUBLIC]: settings.network.publicSubnet, [PRIVATE]: settings.network.privateSubnet },
        service: "Microsoft.Databricks/workspaces",
      },
      child,
    );
    this.resource = new Workspace(
      name,
      {
        workspaceName: `dbw-entrada-${stack}`,
        resourceGroupName,
        location,
        sku: { name: "premium" },
        computeMode: "Hybrid",
        managedResourceGroupId: `/subscriptions/${subscriptionId}/resourceGroups/rg-entrada-databricks-managed-${stack}`,
        // The IP access list keeps the front door; a private one would need Private Link for every browser.
        publicNetworkAccess: "Enabled",
        requiredNsgRules: "AllRules",
        parameters: {
          enableNoPublicIp: { value: true },
          customVirtualNetworkId: { value: network.networkId },
          customPublicSubnetName: { value: subnetName(network, PUBLIC) },
          customPrivateSubnetName: { value: subnetName(network, PRIVATE) },
        },
      },
      { ...child, protect },
    );
    new AuditLog(
      `${name}-logs`,
      {
        workspaceName: `log-databricks-${stack}`,
        resourceGroupName,
        location,
        retentionDays: settings.logs.retentionDays,
        resourceId: this.resource.id,
        categories: LOG_CATEGORIES,
        protect,
      },
      child,
    );
    this.workspaceId = this.resource.workspaceId;
    this.host = this.resource.workspaceUrl;
    this.egressAddress = network.egressAddress;
    this.registerOutputs({ workspaceId: this.workspaceId, host: this.host });
  }
}

function subnetName({ subnetNames }: DelegatedNetwork, name: string): pulumi.Output<string> {
  return subnetNames[name] ?? pulumi.output(name);
}
