import { Application } from "@pulumi/azuread/application.js";
import { AppRoleAssignment } from "@pulumi/azuread/appRoleAssignment.js";
import { getServicePrincipalOutput } from "@pulumi/azuread/getServicePrincipal.js";
import { ServicePrincipal } from "@pulumi/azuread/servicePrincipal.js";
import { ServicePrincipalDelegatedPermissionGrant } from "@pulumi/azuread/servicePrincipalDelegatedPermissionGrant.js";
import * as pulumi from "@pulumi/pulumi";
import { roleId } from "../../model/ids.ts";
import type { VaultSecret } from "../azure/vault-secret.ts";
import { applicationArgs, type RegistrationArgs } from "./application.ts";
import { type Credential, createCredential } from "./credential.ts";
import { deployerId } from "./deployer.ts";
import { MICROSOFT_GRAPH, SIGN_IN_SCOPES } from "./graph.ts";

export interface OidcClientArgs extends RegistrationArgs {
  /**
   * Role value → team key → the group's object id. Entra honours a group's direct members only.
   * @example { Admin: { "bi-admins": teams.groupIds["bi-admins"] } }
   */
  readonly assignments: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
  /** How the tool proves itself, one for each way in which it signs people in. */
  readonly credentials: readonly Credential[];
  /** Object id of the identity that deploys. @default who runs the program */
  readonly deployer?: string;
  /** Whether Pulumi refuses to delete the registration: a new one changes every person's `sub`. @default false */
  readonly protect?: boolean;
}

/**
 * A tool's registration in Entra: application, enterprise application that lets only assigned people in, consent for the
 * sign-in scopes (without it assigned people get "Need admin approval", AADSTS65001), role assignments and credential.
 */
export class OidcClient extends pulumi.ComponentResource {
  /** Client id, once people can sign in: Conditional Access takes no application without an enterprise application. */
  readonly clientId: pulumi.Output<string>;
  /** Object id of the enterprise application. */
  readonly servicePrincipalId: pulumi.Output<string>;
  /** Vault secrets that hold the client's secrets; empty unless the credential is one. */
  readonly secrets: readonly VaultSecret[];

  constructor(name: string, args: OidcClientArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:entra:OidcClient", name, {}, opts);
    const child = { parent: this, protect: args.protect ?? false };

    const owners = withDeployer(args, this);
    const application = new Application(`${name}-app`, applicationArgs({ ...args, owners }), child);
    const principal = new ServicePrincipal(
      `${name}-sp`,
      { clientId: application.clientId, appRoleAssignmentRequired: true, owners },
      child,
    );
    createConsent(name, principal, this);
    createAssignments(name, args, principal, this);

    this.clientId = principal.clientId;
    this.servicePrincipalId = principal.objectId;
    this.secrets = args.credentials.flatMap((credential) => createCredential(name, application.id, credential, this));
    this.registerOutputs({ clientId: this.clientId, servicePrincipalId: this.servicePrincipalId });
  }
}

/**
 * The owners and who deploys: with `Application.ReadWrite.OwnedBy`, the least right that will do, an identity changes only
 * what it owns, and the provider takes the creator off the owners when he is not named.
 */
function withDeployer({ owners, deployer }: OidcClientArgs, parent: OidcClient): pulumi.Output<string[]> {
  return pulumi
    .all([owners, deployerId(deployer, parent)])
    .apply(([people, own]) => [...new Set([...people, own])].sort());
}

/** Administrator's consent for everybody (no user is named), at Microsoft Graph, which owns the sign-in scopes. */
function createConsent(name: string, principal: ServicePrincipal, parent: OidcClient): void {
  const graph = getServicePrincipalOutput({ clientId: MICROSOFT_GRAPH }, { parent });
  new ServicePrincipalDelegatedPermissionGrant(
    `${name}-consent`,
    {
      servicePrincipalObjectId: principal.objectId,
      resourceServicePrincipalObjectId: graph.objectId,
      claimValues: Object.keys(SIGN_IN_SCOPES),
    },
    { parent },
  );
}

function createAssignments(name: string, args: OidcClientArgs, principal: ServicePrincipal, parent: OidcClient): void {
  for (const [role, teams] of Object.entries(args.assignments)) {
    for (const [team, principalObjectId] of Object.entries(teams)) {
      new AppRoleAssignment(
        `${name}-${role}-${team}`,
        { appRoleId: roleId(args.tool, role), principalObjectId, resourceObjectId: principal.objectId },
        { parent },
      );
    }
  }
}
