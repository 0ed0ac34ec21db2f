import * as databricks from "@pulumi/databricks/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { DatabricksWorkspace } from "./workspace.ts";

/** Host of the account's own API in Azure's public cloud. */
const ACCOUNT_HOST = "https://accounts.azuredatabricks.net";

/** How to speak with Databricks: its account, and one workspace of it. */
export interface Clients {
  /** Absent where who deploys is no account admin. */
  readonly account: databricks.Provider | undefined;
  readonly workspace: databricks.Provider;
}

/**
 * The two providers. Both sign in as the Azure identity that deploys, which the provider finds as the other Azure providers
 * do (`ARM_*`, workload identity, managed identity, `az login`); neither gets a token or a secret.
 */
export function createClients(
  name: string,
  args: {
    readonly accountId: string;
    readonly accountAdmin: boolean;
    readonly tenantId: string;
    readonly workspace: DatabricksWorkspace;
  },
  child: { readonly parent: pulumi.Resource },
): Clients {
  const { accountId, accountAdmin, tenantId, workspace } = args;
  return {
    account: accountAdmin
      ? new databricks.Provider(`${name}-account`, { host: ACCOUNT_HOST, accountId, azureTenantId: tenantId }, child)
      : undefined,
    workspace: new databricks.Provider(
      `${name}-workspace`,
      {
        host: pulumi.interpolate`https://${workspace.host}`,
        azureTenantId: tenantId,
        // Who holds Contributor of the resource is a workspace admin, and so gets in before anybody is assigned.
        azureWorkspaceResourceId: workspace.resource.id,
      },
      child,
    ),
  };
}
