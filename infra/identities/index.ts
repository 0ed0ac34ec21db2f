import * as azure from "@pulumi/azure-native/provider.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import * as azuread from "@pulumi/azuread/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { WorkflowIdentity } from "../../components/azure/workflow-identity.ts";
import { WORKFLOW_IDENTITIES } from "../../model/workflow-identities/index.ts";
import { IDENTITY_SETTINGS, readIdentitySettings, roleScopes } from "./settings.ts";

/**
 * The identities of one environment's workflows. A person who may give these rights brings them up, with an own state:
 * a workflow that could change them could give itself any right. Outputs are what GitHub and the stack's settings need.
 */
export default async function program() {
  const settings = readSettings();
  const { tenantId, subscriptionId, location, environment, repository, subjects } = settings;
  const providers = [
    new azuread.Provider("entra", { tenantId }),
    new azure.Provider("azure", { tenantId, subscriptionId }),
  ];
  const group = new ResourceGroup(
    "identities",
    { resourceGroupName: settings.resourceGroup, location },
    { provider: providers[1], protect: true },
  );
  const identities = Object.fromEntries(
    WORKFLOW_IDENTITIES.map((declared) => [
      declared.id,
      new WorkflowIdentity(
        declared.id,
        {
          declared,
          environment,
          repository,
          subjects,
          resourceGroupName: group.name,
          location,
          subscriptionId,
          scopes: roleScopes(settings),
        },
        { providers },
      ),
    ]),
  );
  return {
    previewClientId: identities.preview?.clientId,
    deployClientId: identities.deploy?.clientId,
    deployer: identities.deploy?.principalId,
  };
}

function readSettings() {
  const config = new pulumi.Config();
  const structured = new Set(["repository"]);
  const told = IDENTITY_SETTINGS.flatMap((key) => {
    const value: unknown = structured.has(key) ? config.getObject(key) : config.get(key);
    return value === undefined ? [] : [[key, value] as const];
  });
  try {
    return readIdentitySettings(Object.fromEntries(told));
  } catch (error) {
    throw new pulumi.RunError((error as Error).message);
  }
}
