import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import type * as pulumi from "@pulumi/pulumi";
import { stableId } from "../../../model/ids.ts";

/** Built-in roles that the platform gives, by id (https://learn.microsoft.com/azure/role-based-access-control/built-in-roles). */
export const ROLES = {
  networkContributor: "4d97b98b-1d4f-4787-a291-c67834d212e7",
  dnsZoneContributor: "befefa01-2a29-4197-83a8-272ff33ce314",
  clusterUser: "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
  clusterAdmin: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
} as const;

export interface RoleGrant {
  readonly subscriptionId: string;
  /** Azure resource id of what is opened. */
  readonly scope: pulumi.Input<string>;
  /** The scope's name, part of the assignment's stable id. */
  readonly scopeName: string;
  readonly role: (typeof ROLES)[keyof typeof ROLES];
  readonly principalId: pulumi.Input<string>;
  readonly principalType: "ServicePrincipal" | "Group";
}

/** Gives one principal one role at one place. */
export function grantRole(name: string, grant: RoleGrant, opts: pulumi.CustomResourceOptions): RoleAssignment {
  const { subscriptionId, scope, scopeName, role, principalId, principalType } = grant;
  return new RoleAssignment(
    name,
    {
      roleAssignmentName: stableId("role-assignment", name, scopeName, role),
      scope,
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId,
      // Given, so that Azure does not look for a principal that has not reached every replica yet.
      principalType,
    },
    // The name stays when the principal is made anew, and Azure never changes an assignment's principal.
    { ...opts, deleteBeforeReplace: true },
  );
}
