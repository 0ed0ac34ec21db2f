import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import { RoleDefinition } from "@pulumi/azure-native/authorization/roleDefinition.js";
import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import { AppRoleAssignment } from "@pulumi/azuread/appRoleAssignment.js";
import { getServicePrincipalOutput } from "@pulumi/azuread/getServicePrincipal.js";
import * as pulumi from "@pulumi/pulumi";
import { stableId } from "../../model/ids.ts";
import {
  type AzureRole,
  type WorkflowIdentity as Declared,
  GITHUB_ISSUER,
  githubSubjects,
  type Repository,
  type Scope,
  type SubjectForm,
} from "../../model/workflow-identities/index.ts";
import { MICROSOFT_GRAPH } from "../entra/graph.ts";
import { TOKEN_EXCHANGE_AUDIENCE } from "./workload-identity.ts";

export interface WorkflowIdentityArgs {
  /** What it is for and all that it may do. */
  readonly declared: Declared;
  /** @example "prod" */
  readonly environment: string;
  readonly repository: Repository;
  /** How GitHub names the repository in tokens. */
  readonly subjects: SubjectForm;
  /** Resource group of the identities, for them alone. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region. */
  readonly location: string;
  readonly subscriptionId: string;
  /** Scope → Azure resource id. What is left out is not there yet, and its roles are not given. */
  readonly scopes: Readonly<Partial<Record<Scope, string>>>;
}

/** A managed identity that jobs of one repository get by their own identity token, with named rights and no credential. */
export class WorkflowIdentity extends pulumi.ComponentResource {
  /** For the variable AZURE_CLIENT_ID of the GitHub environments. */
  readonly clientId: pulumi.Output<string>;
  /** Object id; the deploying identity's is the setting `deployer`. */
  readonly principalId: pulumi.Output<string>;

  constructor(name: string, args: WorkflowIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:azure:WorkflowIdentity", name, {}, opts);
    const { declared, environment, resourceGroupName, location } = args;
    const identity = new UserAssignedIdentity(
      name,
      { resourceName: `id-entrada-${declared.id}-${environment}`, resourceGroupName, location },
      { parent: this },
    );
    this.clientId = identity.clientId;
    this.principalId = identity.principalId;
    this.#trustJobs(name, args, identity);
    this.#giveRoles(name, args);
    this.#givePermissions(name, args);
    this.registerOutputs({ clientId: this.clientId, principalId: this.principalId });
  }

  #trustJobs(name: string, args: WorkflowIdentityArgs, identity: UserAssignedIdentity): void {
    const { declared, environment, repository, subjects, resourceGroupName } = args;
    const written: FederatedIdentityCredential[] = [];
    for (const github of declared.githubEnvironments(environment)) {
      for (const [form, subject] of Object.entries(githubSubjects(repository, subjects, github))) {
        written.push(
          new FederatedIdentityCredential(
            `${name}-${github}-${form}`,
            {
              resourceName: identity.name,
              resourceGroupName,
              federatedIdentityCredentialResourceName: `github-${github}-${form}`,
              issuer: GITHUB_ISSUER,
              subject,
              audiences: [TOKEN_EXCHANGE_AUDIENCE],
            },
            // Azure answers 409 to two writes at once on one identity.
            { parent: this, dependsOn: written.slice(-1) },
          ),
        );
      }
    }
  }

  #giveRoles(name: string, args: WorkflowIdentityArgs): void {
    const { declared, environment, scopes } = args;
    for (const role of declared.azure) {
      const scope = scopes[role.scope];
      if (scope === undefined) continue;
      new RoleAssignment(
        resourceName(name, role),
        {
          roleAssignmentName: stableId("workflow-role", declared.id, environment, scope, role.id),
          scope,
          roleDefinitionId: this.#definitionOf(name, role, args),
          principalId: this.principalId,
          // Given, so that Azure does not look for a principal that has not reached every replica yet.
          principalType: "ServicePrincipal",
          ...(role.handsOn === undefined
            ? {}
            : { condition: handOnCondition(Object.values(role.handsOn)), conditionVersion: "2.0" }),
        },
        { parent: this, deleteBeforeReplace: true },
      );
    }
  }

  /** The role's id in Azure: of a built-in one, or of one that is made here. Names of own roles are the whole tenant's. */
  #definitionOf(
    name: string,
    role: AzureRole,
    { environment, subscriptionId }: WorkflowIdentityArgs,
  ): pulumi.Input<string> {
    const subscription = `/subscriptions/${subscriptionId}`;
    if (role.allows === undefined)
      return `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`;
    const definition = new RoleDefinition(
      `${resourceName(name, role)}-role`,
      {
        roleDefinitionId: stableId("workflow-role-definition", environment, role.id),
        // Azure keeps roles for subscriptions and groups of resources, not for a single resource.
        scope: subscription,
        roleName: `${role.name} (${environment})`,
        description: role.why,
        roleType: "CustomRole",
        permissions: [
          {
            actions: [...role.allows.actions],
            notActions: [],
            dataActions: [...role.allows.dataActions],
            notDataActions: [...role.allows.notDataActions],
          },
        ],
        assignableScopes: [subscription],
      },
      { parent: this },
    );
    return definition.id;
  }

  #givePermissions(name: string, { declared }: WorkflowIdentityArgs): void {
    const graph = getServicePrincipalOutput({ clientId: MICROSOFT_GRAPH }, { parent: this });
    for (const permission of declared.graph) {
      new AppRoleAssignment(
        `${name}-${permission.name}`,
        { appRoleId: permission.id, principalObjectId: this.principalId, resourceObjectId: graph.objectId },
        { parent: this },
      );
    }
  }
}

const resourceName = (name: string, role: AzureRole) => `${name}-${role.name.toLowerCase().replaceAll(" ", "-")}`;

/**
 * Only these roles, and only to service principals and groups, may be given or taken
 * (https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples).
 * @param roles ids
 */
export function handOnCondition(roles: readonly string[]): string {
  const limited = (action: string, source: string) =>
    [
      `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'}))`,
      `OR (@${source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${roles.join(", ")}}`,
      `AND @${source}[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal', 'Group'}))`,
    ].join(" ");
  return `${limited("write", "Request")} AND ${limited("delete", "Resource")}`;
}
