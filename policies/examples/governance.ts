import { cluster, keptLogs } from "./aks.ts";
import { server } from "./data.ts";
import type { Example } from "./example.ts";
import { vault } from "./network.ts";

const subscription = "/subscriptions/41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17";
/** Built-in role "Contributor". */
const contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";

/** Resources that break exactly one of the rules about rights, locks, logs and names each. */
export const governanceExamples: Readonly<Record<string, readonly Example[]>> = {
  "roles-narrow": [
    {
      type: "azure-native:authorization:RoleAssignment",
      name: "deployer",
      props: {
        scope: subscription,
        roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${contributor}`,
        principalId: "11111111-2222-4333-8444-555555555555",
        principalType: "ServicePrincipal",
      },
    },
  ],
  "diagnostics-kept": cluster().slice(0, 1),
  "logs-last": [
    {
      type: "azure-native:operationalinsights:Workspace",
      name: "logs",
      props: {
        resourceGroupName: "rg-data",
        workspaceName: "log-example",
        location: "westeurope",
        sku: { name: "PerGB2018" },
        retentionInDays: 90,
        features: { disableLocalAuth: false },
      },
    },
  ],
  "stateful-protected": [
    server(),
    keptLogs("server", "PostgreSQLLogs"),
    vault(),
    keptLogs("vault", "AuditEvent"),
    {
      type: "azure-native:authorization:ManagementLockByScope",
      name: "server-lock",
      props: { level: "CanNotDelete", lockName: "entrada" },
      refs: { scope: "server" },
    },
  ],
  "dns-caa": [
    {
      type: "azure-native:dns:Zone",
      name: "zone",
      props: { resourceGroupName: "rg-data", zoneName: "data.contoso.com", location: "global" },
    },
  ],
};
