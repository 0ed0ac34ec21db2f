import type { Json } from "../http/api.ts";
import type { Http } from "../http/http.ts";
import type { Credentials } from "../http/token.ts";
import type { PropertyMap, ProviderImplementation } from "../protocol/types.ts";
import { fromJson, required } from "../read-values.ts";
import { implement } from "../resource.ts";
import { federationPolicyKind, permissionAssignmentKind, servicePrincipalKind } from "./account.ts";
import { createConnection } from "./connection.ts";
import { entitlementsKind } from "./entitlements.ts";
import { grantKind } from "./grant.ts";
import { ipAccessListKind, permissionsKind, restrictAdminsKind, workspaceConfKind } from "./workspace-settings.ts";

/** The version of the SDK that the program uses. */
const VERSION = "1.110.0";

/** Stands in for the databricks plugin: the same resources over the same requests to Databricks' account and workspaces. */
export function databricksProvider(
  http: Http,
  credentials: Credentials,
  sleep?: (milliseconds: number) => Promise<unknown>,
): ProviderImplementation {
  const connection = createConnection(http, credentials, sleep);
  const { account, workspace, workspacePath } = connection;
  return implement({
    name: "databricks",
    version: VERSION,
    kinds: {
      "databricks:index/entitlements:Entitlements": entitlementsKind(connection),
      "databricks:index/grant:Grant": grantKind(connection),
      "databricks:index/ipAccessList:IpAccessList": ipAccessListKind(connection),
      "databricks:index/mwsPermissionAssignment:MwsPermissionAssignment": permissionAssignmentKind(connection),
      "databricks:index/permissions:Permissions": permissionsKind(connection),
      "databricks:index/restrictWorkspaceAdminsSetting:RestrictWorkspaceAdminsSetting": restrictAdminsKind(connection),
      "databricks:index/servicePrincipal:ServicePrincipal": servicePrincipalKind(connection),
      "databricks:index/servicePrincipalFederationPolicy:ServicePrincipalFederationPolicy":
        federationPolicyKind(connection),
      "databricks:index/workspaceConf:WorkspaceConf": workspaceConfKind(connection),
    },
    functions: {
      // Asking brings the group into the account, in a preview too: so does the official provider.
      "databricks:index/getAccountIamExternalGroupV2:getAccountIamExternalGroupV2": async (args) => {
        const { body } = await account.call("GET", `/api/2.0/identity/${required(args, "name")}`);
        return camelCase(body);
      },
      "databricks:index/getGroup:getGroup": async (args) => {
        const name = required(args, "displayName");
        const filter = encodeURIComponent(`displayName eq '${name}'`);
        const { body } = await workspace.call("GET", workspacePath(`/2.0/preview/scim/v2/Groups?filter=${filter}`));
        const [found] = body.Resources as Json[];
        if (found === undefined) throw new Error(`Databricks has no group "${name}" in the workspace.`);
        return { displayName: name, id: String(found.id) };
      },
    },
    configure: async (config) => connection.configure(config),
  });
}

function camelCase(body: Json): PropertyMap {
  const renamed = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [renamed(name), fromJson(value)]));
}
