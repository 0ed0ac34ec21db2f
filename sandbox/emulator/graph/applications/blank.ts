import type { Application } from "../../directory.ts";

/** An application with nothing but its identity: what Graph fills in when a body leaves the rest out. */
export function blankApplication(
  identity: Pick<Application, "id" | "appId" | "displayName" | "createdDateTime" | "publisherDomain">,
): Application {
  return {
    ...identity,
    signInAudience: "AzureADMyOrg",
    identifierUris: [],
    notes: null,
    serviceManagementReference: null,
    groupMembershipClaims: null,
    isFallbackPublicClient: null,
    oauth2RequirePostResponse: false,
    tags: [],
    appRoles: [],
    api: {
      requestedAccessTokenVersion: null,
      acceptMappedClaims: null,
      knownClientApplications: [],
      oauth2PermissionScopes: [],
      preAuthorizedApplications: [],
    },
    web: {
      homePageUrl: null,
      logoutUrl: null,
      redirectUris: [],
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    },
    spa: { redirectUris: [] },
    publicClient: { redirectUris: [] },
    optionalClaims: null,
    requiredResourceAccess: [],
    passwordCredentials: [],
    federatedIdentityCredentials: [],
    owners: [],
  };
}
