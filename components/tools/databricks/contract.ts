import type { ToolContract, ToolRole } from "../../../model/tool-contract.ts";
import { databricksProblems } from "./checks.ts";
import { type DatabricksSettings, databricksSettings, VERSIONS } from "./settings.ts";

/** What the workspace's `admins` group holds from the start, and nobody can take from it. */
const ADMIN_RIGHTS = [
  "ADMIN",
  "workspace-access",
  "databricks-sql-access",
  "allow-cluster-create",
  "allow-instance-pool-create",
];

/**
 * What a team gets: its permission on the workspace (USER or ADMIN), then its entitlements, in the words of Databricks'
 * SCIM API (https://learn.microsoft.com/azure/databricks/security/auth/entitlements).
 */
function roles({ clusterCreation }: Pick<DatabricksSettings, "clusterCreation">): ToolRole[] {
  return [
    {
      value: "admin",
      displayName: "Databricks workspace administrator",
      description: "Runs the workspace: people, settings, every cluster and notebook.",
      admin: true,
      toolRoles: ADMIN_RIGHTS,
    },
    {
      value: "engineer",
      displayName: "Databricks engineer",
      description: clusterCreation
        ? "Works with notebooks, jobs, models and SQL, and creates clusters."
        : "Works with notebooks, jobs, models and SQL, on clusters that a policy allows.",
      admin: false,
      toolRoles: [
        "USER",
        "workspace-access",
        "databricks-sql-access",
        ...(clusterCreation ? ["allow-cluster-create"] : []),
      ],
    },
    {
      value: "analyst",
      displayName: "Databricks analyst",
      description: "Queries data with Databricks SQL and builds dashboards.",
      admin: false,
      toolRoles: ["USER", "databricks-sql-access"],
    },
    {
      value: "viewer",
      displayName: "Databricks viewer",
      description: "Opens dashboards and apps that are shared, in Databricks One.",
      admin: false,
      toolRoles: ["USER", "workspace-consume"],
    },
  ];
}

/**
 * Azure Databricks: what the rest of Entrada knows of it. Entra is built into the platform, so there is no registration
 * and no redirect URI; groups are resolved by automatic identity management, nested ones included.
 */
export const databricksContract: ToolContract<DatabricksSettings> = {
  id: "databricks",
  displayName: "Databricks",
  versions: VERSIONS,
  settings: databricksSettings,
  callbacks: () => [],
  roles,
  membership: "transitive",
  guests: "refused",
  // The application AzureDatabricks, the same in every tenant: https://learn.microsoft.com/azure/databricks/security/auth/conditional-access
  conditionalAccessTarget: "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d",
  remarks: ({ accountAdmin, allowedIps, tokens }) => [
    "Whoever holds Contributor or Owner of the Azure resource becomes a workspace admin of Databricks, whatever stands here.",
    "Guests stay out: automatic identity management takes people of the workspace's own tenant only.",
    ...(accountAdmin
      ? []
      : ["No role is in force until an account admin of Databricks has done what the stack's output lists."]),
    ...(allowedIps.length === 0 ? ["The workspace answers on the whole internet: allowedIps is empty."] : []),
    ...(tokens === "off"
      ? []
      : [`Admins can make personal access tokens that live ${tokens.maxDays} days, past Conditional Access.`]),
  ],
  check: databricksProblems,
};
