import type { Example } from "./example.ts";

/** Registrations that break exactly one of the Databricks rules each. */
export const databricksExamples: Readonly<Record<string, readonly Example[]>> = {
  "databricks-no-tokens": [
    {
      type: "databricks:index/workspaceConf:WorkspaceConf",
      name: "conf",
      props: { customConfig: { enableIpAccessLists: "false", enableTokensConfig: "true" } },
    },
  ],
  "databricks-closed": [
    {
      type: "azure-native:databricks:Workspace",
      name: "workspace",
      props: {
        resourceGroupName: "rg-data",
        workspaceName: "dbw-example",
        location: "westeurope",
        sku: { name: "premium" },
        managedResourceGroupId:
          "/subscriptions/41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17/resourceGroups/rg-databricks-managed",
        publicNetworkAccess: "Disabled",
        parameters: { enableNoPublicIp: { value: false } },
      },
    },
  ],
};
