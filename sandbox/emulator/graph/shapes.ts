import type {
  Application,
  AppRoleAssignment,
  Directory,
  Group,
  PasswordCredential,
  ServicePrincipal,
  User,
} from "../directory.ts";
import { appRolesOf } from "../membership.ts";
import type { Json } from "./query.ts";
import type { GraphVersion } from "./request.ts";

/** The stored objects in the JSON form that Graph serves. Secrets' hashes, owners and members never appear here. */

/** What v1.0 serves of a user without `$select`. */
export const USER_DEFAULTS = [
  "displayName",
  "givenName",
  "jobTitle",
  "mail",
  "surname",
  "userPrincipalName",
  "id",
] as const;

export function userJson(user: User): Json {
  const { homeTenantId, seededAs, authenticationMethods, ...served } = user;
  return {
    "@odata.type": "#microsoft.graph.user",
    ...served,
    mailNickname: user.userPrincipalName.split("@")[0],
    creationType: user.userType === "Guest" ? "Invitation" : null,
    externalUserState: homeTenantId === undefined ? null : "Accepted",
    onPremisesSyncEnabled: null,
    preferredLanguage: null,
    usageLocation: user.country,
  };
}

export function groupJson(group: Group, version: GraphVersion): Json {
  const { owners, members, writebackConfiguration, resourceBehaviorOptions, resourceProvisioningOptions, ...served } =
    group;
  return {
    "@odata.type": "#microsoft.graph.group",
    ...served,
    theme: group.theme ?? null,
    mail: null,
    onPremisesSyncEnabled: null,
    resourceBehaviorOptions: resourceBehaviorOptions ?? [],
    resourceProvisioningOptions: resourceProvisioningOptions ?? [],
    proxyAddresses: [],
    ...(version === "beta" && {
      writebackConfiguration: writebackConfiguration ?? { isEnabled: null, onPremisesGroupType: null },
    }),
  };
}

export function applicationJson(application: Application, version: GraphVersion): Json {
  const { owners, federatedIdentityCredentials, oauth2RequirePostResponse, passwordCredentials, info, ...served } =
    application;
  const links = info ?? { marketingUrl: null, privacyStatementUrl: null, supportUrl: null, termsOfServiceUrl: null };
  return {
    "@odata.type": "#microsoft.graph.application",
    ...served,
    description: application.description ?? null,
    isDeviceOnlyAuthSupported: application.isDeviceOnlyAuthSupported ?? null,
    info: { ...links, logoUrl: null },
    passwordCredentials: passwordCredentials.map(passwordJson),
    keyCredentials: [],
    addIns: [],
    applicationTemplateId: null,
    disabledByMicrosoftStatus: null,
    deletedDateTime: null,
    ...(version === "beta" && { oauth2RequirePostResponse }),
  };
}

/** A password credential without its secret, as every later read shows it. */
export function passwordJson(credential: PasswordCredential): Json {
  const { secretHash, ...served } = credential;
  return { ...served, customKeyIdentifier: null, secretText: null };
}

export function servicePrincipalJson(data: Directory, principal: ServicePrincipal, version: GraphVersion): Json {
  const { owners, firstParty, ...served } = principal;
  const application = Object.values(data.applications).find(({ appId }) => appId === principal.appId);
  const metadata = `https://login.microsoftonline.com/${data.tenantId}/federationmetadata/2007-06/federationmetadata.xml?appid=${principal.appId}`;
  return {
    "@odata.type": "#microsoft.graph.servicePrincipal",
    ...served,
    appDisplayName: application?.displayName ?? principal.displayName,
    appRoles: appRolesOf(data, principal),
    oauth2PermissionScopes: firstParty?.oauth2PermissionScopes ?? application?.api.oauth2PermissionScopes ?? [],
    replyUrls: application
      ? [application.web, application.spa, application.publicClient].flatMap((p) => p.redirectUris)
      : [],
    homepage: application?.web.homePageUrl ?? null,
    logoutUrl: application?.web.logoutUrl ?? null,
    signInAudience: application?.signInAudience ?? null,
    samlSingleSignOnSettings: principal.samlSingleSignOnSettings ?? null,
    applicationTemplateId: null,
    disabledByMicrosoftStatus: null,
    deletedDateTime: null,
    keyCredentials: [],
    passwordCredentials: [],
    ...(version === "beta" && { samlMetadataUrl: principal.preferredSingleSignOnMode === "saml" ? metadata : null }),
  };
}

export function assignmentJson(data: Directory, assignment: AppRoleAssignment): Json {
  return {
    "@odata.type": "#microsoft.graph.appRoleAssignment",
    ...assignment,
    deletedDateTime: null,
    principalDisplayName: displayNameOf(data, assignment.principalId),
    resourceDisplayName: displayNameOf(data, assignment.resourceId),
  };
}

function displayNameOf(data: Directory, id: string): string | null {
  return (data.users[id] ?? data.groups[id] ?? data.servicePrincipals[id])?.displayName ?? null;
}

/** Any directory object by its id, with the `@odata.type` that clients tell the kinds apart by. */
export function directoryObjectJson(data: Directory, id: string, version: GraphVersion): Json | undefined {
  const user = data.users[id];
  if (user !== undefined) return userJson(user);
  const group = data.groups[id];
  if (group !== undefined) return groupJson(group, version);
  const principal = data.servicePrincipals[id];
  if (principal !== undefined) return servicePrincipalJson(data, principal, version);
  const application = data.applications[id];
  return application && applicationJson(application, version);
}
