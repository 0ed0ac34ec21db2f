import type { ApplicationArgs } from "@pulumi/azuread/application.js";
import type * as pulumi from "@pulumi/pulumi";
import { roleId } from "../../model/ids.ts";
import type { ToolRole } from "../../model/tool-contract.ts";
import { MICROSOFT_GRAPH, SIGN_IN_SCOPES } from "./graph.ts";

/** What the registration of a tool is built from. */
export interface RegistrationArgs {
  /** The tool's id; ids of app roles follow from it. @example "superset" */
  readonly tool: string;
  /** Name that people see when they sign in. @example "Apache Superset (dev)" */
  readonly displayName: string;
  /** Where people open the tool. @example "https://superset.data.contoso.com" */
  readonly url: string;
  /** Exact redirect URIs by platform; one URI stands under one platform only (AADSTS9002325, AADSTS9002326). */
  readonly redirectUris: { readonly web: readonly string[]; readonly spa: readonly string[] };
  /** Address that Entra calls in a hidden frame when somebody signs out. */
  readonly logoutUrl?: string;
  /** The roles on offer. */
  readonly roles: readonly ToolRole[];
  /** Object ids of the people who answer for the registration. */
  readonly owners: pulumi.Input<pulumi.Input<string>[]>;
  /** What the registration is for, shown to administrators. */
  readonly notes: string;
  /** Where changes to it are made. @example "entrada/prod/superset" */
  readonly serviceManagementReference: string;
  /**
   * Identifier URI, for a tool whose API takes Entra's access tokens. Entra demands a verified domain, the client id or the tenant's id in it.
   * @example "api://9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10/airflow-prod"
   * @default none
   */
  readonly identifierUri?: string;
}

// `email` and `upn` are what tools know people by; version 2.0 tokens leave out all four unless they are asked for.
const ID_TOKEN_CLAIMS = ["email", "upn", "given_name", "family_name"];

/**
 * The registration's inputs. `groupMembershipClaims` stays unset: with more than 200 groups Entra leaves the claim out and
 * people lose their roles, so tools read app roles (`roles`) alone.
 */
export function applicationArgs(args: RegistrationArgs): ApplicationArgs {
  return {
    displayName: args.displayName,
    signInAudience: "AzureADMyOrg",
    preventDuplicateNames: true,
    notes: args.notes,
    serviceManagementReference: args.serviceManagementReference,
    owners: args.owners,
    identifierUris: args.identifierUri === undefined ? undefined : [args.identifierUri],
    // The resource's own default is 1, whose tokens have another issuer.
    api: { requestedAccessTokenVersion: 2 },
    web: {
      homepageUrl: args.url,
      redirectUris: [...args.redirectUris.web],
      logoutUrl: args.logoutUrl,
      implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
    },
    singlePageApplication: args.redirectUris.spa.length > 0 ? { redirectUris: [...args.redirectUris.spa] } : undefined,
    optionalClaims: { idTokens: ID_TOKEN_CLAIMS.map((name) => ({ name })) },
    appRoles: args.roles.map((role) => ({
      id: roleId(args.tool, role.value),
      value: role.value,
      displayName: role.displayName,
      description: role.description,
      allowedMemberTypes: [...(role.holders ?? ["User"])],
      enabled: true,
    })),
    requiredResourceAccesses: [
      {
        resourceAppId: MICROSOFT_GRAPH,
        resourceAccesses: Object.values(SIGN_IN_SCOPES).map((id) => ({ id, type: "Scope" })),
      },
    ],
  };
}
