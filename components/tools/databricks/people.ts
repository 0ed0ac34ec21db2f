import { Entitlements } from "@pulumi/databricks/entitlements.js";
import { getAccountIamExternalGroupV2Output } from "@pulumi/databricks/getAccountIamExternalGroupV2.js";
import { MwsPermissionAssignment } from "@pulumi/databricks/mwsPermissionAssignment.js";
import type { Provider } from "@pulumi/databricks/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { createGrants } from "./grants.ts";
import type { DatabricksSettings } from "./settings.ts";
import { entitlementArgs, type TeamRights } from "./team-rights.ts";
import type { DatabricksWorkspace } from "./workspace.ts";

export interface PeopleArgs {
  readonly accountId: string;
  readonly teams: readonly TeamRights[];
  readonly grants: DatabricksSettings["grants"];
  /** Team key → object id of its group in Entra. */
  readonly groupIds: Readonly<Record<string, pulumi.Input<string>>>;
  readonly workspace: DatabricksWorkspace;
  readonly clients: { readonly account: Provider; readonly workspace: Provider };
}

/** The teams in the workspace. */
export interface People {
  /** Team key → display name under which Databricks knows its group. */
  readonly groupNames: Readonly<Record<string, pulumi.Output<string>>>;
  /** Who is in the workspace once these are there. */
  readonly assignments: readonly pulumi.Resource[];
}

/**
 * An assignment has no update, and its id is the principal in the workspace: made anew before the old one is deleted, the
 * new permission would go with the old.
 */
export function assignmentOptions(
  parent: pulumi.Resource,
  provider: Provider,
  workspace: DatabricksWorkspace,
): pulumi.CustomResourceOptions {
  return { parent, provider, deletedWith: workspace.resource, deleteBeforeReplace: true };
}

/**
 * Teams by automatic identity management: Databricks resolves each Entra group by its object id (which brings it into the
 * account if it was not there), then the group is assigned to the workspace and gets its entitlements and grants. Grants
 * take the group's name, so the name comes from that answer and never from the settings.
 */
export function createPeople(name: string, args: PeopleArgs, parent: pulumi.Resource): People {
  const { accountId, workspace, clients } = args;
  const groupNames: Record<string, pulumi.Output<string>> = {};
  const assignments = args.teams.map(({ team, permission, entitlements }) => {
    const objectId = args.groupIds[team];
    if (objectId === undefined)
      throw new Error(`tools.databricks.access names the team "${team}", which is not declared.`);
    const group = getAccountIamExternalGroupV2Output(
      { name: pulumi.interpolate`accounts/${accountId}/external-groups/${objectId}` },
      { provider: clients.account, parent },
    );
    groupNames[team] = group.displayName;
    const assignment = new MwsPermissionAssignment(
      `${name}-${team}`,
      { workspaceId: workspace.workspaceId, principalId: group.internalId, permissions: [permission] },
      assignmentOptions(parent, clients.account, workspace),
    );
    if (entitlements.length > 0) {
      new Entitlements(
        `${name}-${team}-entitlements`,
        { groupId: group.internalId, ...entitlementArgs(entitlements) },
        { parent, provider: clients.workspace, dependsOn: [assignment], deletedWith: workspace.resource },
      );
    }
    const grants = args.grants[team];
    if (grants !== undefined) {
      createGrants(
        `${name}-${team}`,
        { grants, principal: group.displayName },
        { parent, provider: clients.workspace, dependsOn: [assignment] },
      );
    }
    return assignment;
  });
  return { groupNames, assignments };
}
