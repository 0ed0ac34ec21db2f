import type { Application, AppRole, PermissionScope, ServicePrincipal } from "./directory.ts";
import { blankApplication } from "./graph/applications/blank.ts";

/** Microsoft's own resources, with their well-known client ids, as they stand in every tenant. */
export const GRAPH = "00000003-0000-0000-c000-000000000000";
const RESOURCE_MANAGER = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
const KEY_VAULT = "cfa8b339-82a2-471a-a3c9-0fc0be7a4093";
const STORAGE = "e406a681-f3d4-42a8-90b6-c2b029497af1";
export const DATABRICKS = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";
/** Microsoft's own client that people and their programs sign in with on a machine of their own. */
export const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
/** The tenant that owns Microsoft's applications. */
const MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/** Graph's application permissions (https://learn.microsoft.com/graph/permissions-reference) that the sandbox evaluates. */
const APPLICATION_PERMISSIONS: Readonly<Record<string, string>> = {
  "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
  "Application.ReadWrite.All": "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
  "Application.ReadWrite.OwnedBy": "18a4783c-866b-4cc7-a460-3d5e5662c884",
  "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
  "AuditLog.Read.All": "b0afded3-3588-46d8-8b3d-9842eff778da",
  "DelegatedPermissionGrant.Read.All": "81b4724a-58aa-41c1-8a55-84ef97466587",
  "DelegatedPermissionGrant.ReadWrite.All": "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
  "Directory.Read.All": "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
  "Directory.ReadWrite.All": "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
  "Group.Create": "bf7b1a76-6e77-406b-b258-bf5c7720e98f",
  "Group.Read.All": "5b567255-7703-4780-807c-7be8301ae99b",
  "Group.ReadWrite.All": "62a82d76-70ea-41e2-9197-370581804d09",
  "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
  "GroupMember.ReadWrite.All": "dbaae8cf-10b5-4b86-a4a1-f871c94c6695",
  "Organization.Read.All": "498476ce-e0fe-48b0-b801-37ba7e2685c6",
  "Policy.Read.All": "246dd0d5-5bd0-4def-940b-0421030a5b68",
  "Policy.Read.ConditionalAccess": "37730810-e9ba-4e46-b07e-8ca78d182097",
  "Policy.ReadWrite.AuthenticationMethod": "29c18626-4985-4dcd-85c0-193eef327366",
  "Policy.ReadWrite.ConditionalAccess": "01c0a623-fc9b-48e9-b794-0756f8e8f067",
  "RoleManagement.ReadWrite.Directory": "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
  "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
  "User.ReadBasic.All": "97235f07-e226-4f63-ace3-39588e11d3a1",
  "User.ReadWrite.All": "741f803b-c850-494e-b5df-cde7c675a1ca",
};

/** Graph's delegated permissions that sign-in asks for. */
const SIGN_IN_SCOPES: Readonly<Record<string, string>> = {
  openid: "37f7f235-527c-4136-accd-4a02d197296e",
  profile: "14dad69e-099b-42c9-810b-d002981feec1",
  email: "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
  offline_access: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
  "User.Read": "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
};

const permission = ([value, id]: [string, string]): AppRole => ({
  id,
  allowedMemberTypes: ["Application"],
  description: value,
  displayName: value,
  isEnabled: true,
  origin: "Application",
  value,
});

const scope = (value: string, id: string): PermissionScope => ({
  id,
  adminConsentDescription: value,
  adminConsentDisplayName: value,
  userConsentDescription: value,
  userConsentDisplayName: value,
  isEnabled: true,
  type: "User",
  value,
});

/** The service principals of Microsoft's own resources; `idOf` gives each its object id in the tenant. */
export function firstPartyPrincipals(idOf: (appId: string) => string): ServicePrincipal[] {
  const principal = (
    appId: string,
    displayName: string,
    names: string[],
    firstParty: NonNullable<ServicePrincipal["firstParty"]>,
  ): ServicePrincipal => ({
    id: idOf(appId),
    appId,
    displayName,
    description: null,
    accountEnabled: true,
    appRoleAssignmentRequired: false,
    servicePrincipalType: "Application",
    servicePrincipalNames: [appId, ...names],
    appOwnerOrganizationId: MICROSOFT,
    loginUrl: null,
    notes: null,
    notificationEmailAddresses: [],
    preferredSingleSignOnMode: null,
    alternativeNames: [],
    tags: [],
    owners: [],
    firstParty,
  });
  return [
    principal(GRAPH, "Microsoft Graph", ["https://graph.microsoft.com"], {
      appRoles: Object.entries(APPLICATION_PERMISSIONS).map(permission),
      oauth2PermissionScopes: Object.entries(SIGN_IN_SCOPES).map(([value, id]) => scope(value, id)),
    }),
    principal(
      RESOURCE_MANAGER,
      "Windows Azure Service Management API",
      ["https://management.azure.com/", "https://management.core.windows.net/"],
      { appRoles: [], oauth2PermissionScopes: [scope("user_impersonation", "41094075-9dad-400e-a0bd-54e686782033")] },
    ),
    principal(KEY_VAULT, "Azure Key Vault", ["https://vault.azure.net"], {
      appRoles: [],
      oauth2PermissionScopes: [scope("user_impersonation", "f53da476-18e3-4152-8e01-aec403e6edc0")],
    }),
    principal(STORAGE, "Azure Storage", ["https://storage.azure.com/"], {
      appRoles: [],
      oauth2PermissionScopes: [scope("user_impersonation", "03e0da56-190b-40ad-a80c-ea378c433f7f")],
    }),
    // The scope's id is not published in a place we know; nothing in the sandbox asks for it by id.
    principal(DATABRICKS, "AzureDatabricks", [], {
      appRoles: [],
      oauth2PermissionScopes: [scope("user_impersonation", "739272be-e143-11e8-9f32-f2801f1b9fd1")],
    }),
    principal(AZURE_CLI, "Microsoft Azure CLI", [], { appRoles: [], oauth2PermissionScopes: [] }),
  ];
}

/**
 * The application behind a client of Microsoft's own. It stands in Microsoft's tenant, so no tenant's directory lists it:
 * a public client, with a loopback address of any port.
 */
export function firstPartyClient(appId: string): Application | undefined {
  if (appId !== AZURE_CLI) return undefined;
  const blank = blankApplication({
    id: AZURE_CLI,
    appId,
    displayName: "Microsoft Azure CLI",
    createdDateTime: "2015-01-01T00:00:00Z",
    publisherDomain: "microsoft.com",
  });
  return {
    ...blank,
    signInAudience: "AzureADMultipleOrgs",
    isFallbackPublicClient: true,
    publicClient: { redirectUris: ["http://localhost"] },
  };
}

/** What Microsoft lets its own client ask of its own resources, without anybody's consent. */
export function firstPartyConsent(clientId: string, resource: ServicePrincipal): string[] {
  if (clientId !== AZURE_CLI || resource.firstParty === undefined) return [];
  return resource.firstParty.oauth2PermissionScopes.map(({ value }) => value);
}
