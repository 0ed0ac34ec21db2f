import { createHash } from "node:crypto";
import type { Application, Directory, Group, ServicePrincipal, User } from "../directory.ts";
import { blankGroup } from "../graph/groups/blank.ts";
import { emptyDirectory } from "../store.ts";
import { GRAPH_APP_ID } from "./resources.ts";

/** A small directory for tests: Contoso with one tool, its people, and a cluster whose tokens the tool may use. */
export const TENANT = "9d1b7c52-0f3a-4d43-9e0c-6a1f8a7c2b10";
export const TOOL = "5e0ff1ce-0000-4000-8000-000000000001";
export const TOOL_SP = "5e0ff1ce-0000-4000-8000-000000000002";
export const GRAPH_SP = "00000000-0000-4000-8000-000000000003";
export const REDIRECT = "https://superset.data.contoso.com/oauth-authorized/azure";
export const SPA_REDIRECT = "https://metadata.data.contoso.com/callback";
export const SECRET = "Contoso-test-secret-1";
export const ISSUER = "https://oidc.sandbox.contoso.example/cluster-1";
export const SUBJECT = "system:serviceaccount:superset:superset";
export const AUDIENCE = "api://AzureADTokenExchange";
export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
export const VERIFIER = "v".repeat(43);
export const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");
export const NOW = new Date("2026-03-02T09:00:00Z");

export const ANA = "a0000000-0000-4000-8000-000000000001";
export const JON = "a0000000-0000-4000-8000-000000000002";
export const LEAVER = "a0000000-0000-4000-8000-000000000003";
export const GUEST = "a0000000-0000-4000-8000-000000000004";
export const NESTED = "a0000000-0000-4000-8000-000000000005";
export const ADMIN_ROLE = "c0000000-0000-4000-8000-000000000001";
export const ALPHA_ROLE = "c0000000-0000-4000-8000-000000000002";
export const ADMINS = "b0000000-0000-4000-8000-000000000001";
export const JUNIORS = "b0000000-0000-4000-8000-000000000002";
export const ANALYSTS = "b0000000-0000-4000-8000-000000000003";

export function testDirectory(): Directory {
  const data = emptyDirectory(TENANT, ["contoso.onmicrosoft.com", "contoso.com"]);
  const byId = <T extends { id: string }>(items: T[]) => Object.fromEntries(items.map((item) => [item.id, item]));
  data.users = byId([
    person(ANA, "Ana Lima", "ana.lima", { department: "Data" }),
    person(JON, "Jon Berg", "jon.berg", { department: "Analytics" }),
    person(LEAVER, "Lea Ver", "lea.ver", { accountEnabled: false }),
    person(NESTED, "Nia Sted", "nia.sted"),
    person(GUEST, "Gus Guest", "gus_fabrikam.com#EXT#", {
      userType: "Guest",
      mail: "gus@fabrikam.com",
      homeTenantId: "fab00000-0000-4000-8000-000000000001",
    }),
  ]);
  data.groups = byId([
    group(ADMINS, "bi-admins", [ANA, GUEST, LEAVER, JUNIORS]),
    group(JUNIORS, "bi-juniors", [NESTED]),
    {
      ...group(ANALYSTS, "analysts", []),
      groupTypes: ["DynamicMembership"],
      membershipRule: 'user.department -eq "Analytics"',
      membershipRuleProcessingState: "On",
    },
  ]);
  data.applications = byId([tool()]);
  data.servicePrincipals = byId([
    servicePrincipal(TOOL_SP, TOOL, "Superset"),
    {
      ...servicePrincipal(GRAPH_SP, GRAPH_APP_ID, "Microsoft Graph"),
      appRoleAssignmentRequired: false,
      firstParty: {
        appRoles: [role("d0000000-0000-4000-8000-000000000001", "User.Read.All")],
        oauth2PermissionScopes: ["openid", "profile", "email", "offline_access", "User.Read"].map(scope),
      },
    },
  ]);
  data.appRoleAssignments = byId([assignment("e1", ADMIN_ROLE, ADMINS), assignment("e2", ALPHA_ROLE, ANALYSTS)]);
  data.oauth2PermissionGrants = byId([
    {
      id: "g1",
      clientId: TOOL_SP,
      consentType: "AllPrincipals" as const,
      principalId: null,
      resourceId: GRAPH_SP,
      scope: "openid profile email offline_access User.Read",
    },
  ]);
  return data;
}

function person(id: string, displayName: string, name: string, more: Partial<User> = {}): User {
  const [givenName = null, surname = null] = displayName.split(" ");
  return {
    id,
    displayName,
    userPrincipalName: name.endsWith("#EXT#") ? `${name}@contoso.onmicrosoft.com` : `${name}@contoso.com`,
    mail: `${name}@contoso.com`,
    givenName,
    surname,
    accountEnabled: true,
    userType: "Member",
    department: null,
    jobTitle: null,
    country: "PT",
    companyName: null,
    createdDateTime: NOW.toISOString(),
    ...more,
  };
}

export function group(id: string, displayName: string, members: string[]): Group {
  return blankGroup({
    id,
    displayName,
    mailNickname: displayName,
    securityEnabled: true,
    createdDateTime: NOW.toISOString(),
    owners: [ANA],
    members,
  });
}

function tool(): Application {
  return {
    id: "5e0ff1ce-0000-4000-8000-00000000000a",
    appId: TOOL,
    displayName: "Superset",
    createdDateTime: NOW.toISOString(),
    signInAudience: "AzureADMyOrg",
    publisherDomain: "contoso.com",
    identifierUris: [],
    notes: null,
    serviceManagementReference: null,
    groupMembershipClaims: null,
    isFallbackPublicClient: null,
    oauth2RequirePostResponse: false,
    tags: [],
    appRoles: [role(ADMIN_ROLE, "Admin"), role(ALPHA_ROLE, "Alpha")],
    api: {
      requestedAccessTokenVersion: 2,
      acceptMappedClaims: null,
      knownClientApplications: [],
      oauth2PermissionScopes: [],
      preAuthorizedApplications: [],
    },
    web: {
      homePageUrl: null,
      logoutUrl: "https://superset.data.contoso.com/logout/",
      redirectUris: [REDIRECT],
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    },
    spa: { redirectUris: [SPA_REDIRECT] },
    publicClient: { redirectUris: ["http://localhost/callback"] },
    optionalClaims: null,
    requiredResourceAccess: [],
    passwordCredentials: [
      {
        keyId: "k1",
        displayName: null,
        startDateTime: "2026-01-01T00:00:00Z",
        endDateTime: "2026-04-01T00:00:00Z",
        hint: "Con",
        secretHash: createHash("sha256").update(SECRET).digest("hex"),
      },
    ],
    federatedIdentityCredentials: [
      { id: "f1", name: "cluster", issuer: ISSUER, subject: SUBJECT, audiences: [AUDIENCE], description: null },
    ],
    owners: [],
  };
}

export function servicePrincipal(id: string, appId: string, displayName: string): ServicePrincipal {
  return {
    id,
    appId,
    displayName,
    description: null,
    accountEnabled: true,
    appRoleAssignmentRequired: true,
    servicePrincipalType: "Application",
    servicePrincipalNames: [appId],
    appOwnerOrganizationId: TENANT,
    loginUrl: null,
    notes: null,
    notificationEmailAddresses: [],
    preferredSingleSignOnMode: null,
    alternativeNames: [],
    tags: [],
    owners: [],
  };
}

function role(id: string, value: string) {
  return { id, value, displayName: value, description: value, allowedMemberTypes: ["User"], isEnabled: true };
}

function scope(value: string) {
  return {
    id: value,
    value,
    adminConsentDescription: value,
    adminConsentDisplayName: value,
    userConsentDescription: null,
    userConsentDisplayName: null,
    isEnabled: true,
    type: "User" as const,
  };
}

export function assignment(id: string, appRoleId: string, principalId: string, resourceId = TOOL_SP) {
  return {
    id,
    appRoleId,
    principalId,
    principalType: "Group" as const,
    resourceId,
    createdDateTime: NOW.toISOString(),
  };
}
