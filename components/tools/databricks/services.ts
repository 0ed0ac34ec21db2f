import { Entitlements } from "@pulumi/databricks/entitlements.js";
import { MwsPermissionAssignment } from "@pulumi/databricks/mwsPermissionAssignment.js";
import type { Provider } from "@pulumi/databricks/provider.js";
import { ServicePrincipal } from "@pulumi/databricks/servicePrincipal.js";
import { ServicePrincipalFederationPolicy } from "@pulumi/databricks/servicePrincipalFederationPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import { serviceAccountSubject } from "../../azure/workload-identity.ts";
import type { ToolEnvironment } from "../environment.ts";
import { createGrants } from "./grants.ts";
import { assignmentOptions } from "./people.ts";
import type { DatabricksService, DatabricksSettings } from "./settings.ts";
import { entitlementArgs } from "./team-rights.ts";
import type { DatabricksWorkspace } from "./workspace.ts";

export interface ServicesArgs {
  readonly settings: Pick<DatabricksSettings, "accountId" | "services">;
  readonly environment: Pick<ToolEnvironment, "environment" | "oidcIssuer">;
  readonly workspace: DatabricksWorkspace;
  readonly clients: { readonly account: Provider; readonly workspace: Provider };
}

/**
 * Programs as service principals without secrets: a pod's service-account token is exchanged under a federation policy, a
 * managed identity brings Entra's own token.
 * @returns service name → application id, which the program names as its client id
 */
export function createServices(
  name: string,
  args: ServicesArgs,
  parent: pulumi.Resource,
): Record<string, pulumi.Output<string>> {
  const applicationIds: Record<string, pulumi.Output<string>> = {};
  for (const [key, service] of Object.entries(args.settings.services)) {
    applicationIds[key] = createService(`${name}-${key}`, key, service, args, parent);
  }
  return applicationIds;
}

function createService(
  name: string,
  key: string,
  { federation, managedIdentity, entitlements, grants }: DatabricksService,
  { settings, environment, workspace, clients }: ServicesArgs,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const principal = new ServicePrincipal(
    name,
    {
      displayName: `entrada-${environment.environment}-${key}`,
      ...(managedIdentity === undefined ? {} : { applicationId: managedIdentity.toLowerCase() }),
      // By default an account keeps a deleted principal as a disabled one, and refuses to make it anew.
      disableAsUserDeletion: false,
    },
    { parent, provider: clients.account },
  );
  if (federation !== undefined) {
    const { namespace, serviceAccount } = federation;
    new ServicePrincipalFederationPolicy(
      `${name}-federation`,
      {
        servicePrincipalId: principal.id.apply(Number),
        policyId: key,
        description: `Pods of ${namespace}/${serviceAccount}`,
        oidcPolicy: {
          issuer: environment.oidcIssuer,
          // What Databricks asks for where nothing is said; said, so that the pod's token can be made to match.
          audiences: [settings.accountId],
          subject: serviceAccountSubject({ namespace, name: serviceAccount }),
        },
      },
      { parent, provider: clients.account },
    );
  }
  const assignment = new MwsPermissionAssignment(
    `${name}-assignment`,
    { workspaceId: workspace.workspaceId, principalId: principal.id, permissions: ["USER"] },
    assignmentOptions(parent, clients.account, workspace),
  );
  if (entitlements.length > 0) {
    new Entitlements(
      `${name}-entitlements`,
      { servicePrincipalId: principal.id, ...entitlementArgs(entitlements) },
      { parent, provider: clients.workspace, dependsOn: [assignment], deletedWith: workspace.resource },
    );
  }
  createGrants(
    name,
    { grants, principal: principal.applicationId },
    { parent, provider: clients.workspace, dependsOn: [assignment] },
  );
  return principal.applicationId;
}
