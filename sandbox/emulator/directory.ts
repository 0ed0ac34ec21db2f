import type { MethodName } from "../../model/conditional-access/methods.ts";
import type { Home } from "../../model/conditional-access/played.ts";
import type { BlobData } from "./blob/data.ts";
import type { DatabricksData } from "./databricks/data.ts";
import type { StoredLocation, StoredPolicy, StoredStrength } from "./graph/conditional-access/data.ts";

/**
 * The directory's objects, in the shapes and names of Microsoft Graph v1.0 (https://learn.microsoft.com/graph/api/resources),
 * reduced to the properties that the emulator stores. Ids are lower-case GUIDs.
 */

export interface User {
  id: string;
  displayName: string;
  userPrincipalName: string;
  mail: string | null;
  givenName: string | null;
  surname: string | null;
  accountEnabled: boolean;
  userType: "Member" | "Guest";
  department: string | null;
  jobTitle: string | null;
  country: string | null;
  companyName: string | null;
  /** Home tenant of a guest; a member's is the directory's own. */
  homeTenantId?: string;
  /** The key under which the sandbox's settings name the person; absent for users made through Graph. */
  seededAs?: string;
  /** What the person has registered for multifactor authentication; nothing when absent. Never served. */
  authenticationMethods?: MethodName[];
  createdDateTime: string;
}

export interface Group {
  id: string;
  displayName: string;
  description: string | null;
  mailEnabled: boolean;
  mailNickname: string;
  securityEnabled: boolean;
  isAssignableToRole: boolean | null;
  groupTypes: string[];
  membershipRule: string | null;
  membershipRuleProcessingState: string | null;
  visibility: string | null;
  /** Microsoft 365 settings that the sandbox stores and serves but gives no effect. */
  theme?: string | null;
  resourceBehaviorOptions?: string[];
  resourceProvisioningOptions?: string[];
  writebackConfiguration?: { isEnabled: boolean | null; onPremisesGroupType: string | null };
  createdDateTime: string;
  /** Object ids of owners (users and service principals). Kept out of the group's own JSON, served under /owners. */
  owners: string[];
  /** Object ids of direct members (users, groups, service principals). A dynamic group's are computed, this stays empty. */
  members: string[];
}

export interface AppRole {
  id: string;
  allowedMemberTypes: string[];
  description: string;
  displayName: string;
  isEnabled: boolean;
  origin?: string;
  value: string | null;
}

export interface OptionalClaim {
  name: string;
  source: string | null;
  essential: boolean;
  additionalProperties: string[];
}

export interface PermissionScope {
  id: string;
  adminConsentDescription: string;
  adminConsentDisplayName: string;
  userConsentDescription: string | null;
  userConsentDisplayName: string | null;
  isEnabled: boolean;
  type: "User" | "Admin";
  value: string;
}

/** Entra never gives a secret back after its creation, and neither does the store: it keeps the SHA-256 only. */
export interface PasswordCredential {
  keyId: string;
  displayName: string | null;
  startDateTime: string;
  endDateTime: string;
  /** First three characters, as Graph shows them. */
  hint: string;
  /** SHA-256 of the secret, hex. Never served. */
  secretHash: string;
}

export interface FederatedIdentityCredential {
  id: string;
  name: string;
  issuer: string;
  subject: string;
  audiences: string[];
  description: string | null;
}

export interface Application {
  id: string;
  appId: string;
  displayName: string;
  createdDateTime: string;
  signInAudience: string;
  publisherDomain: string;
  identifierUris: string[];
  description?: string | null;
  notes: string | null;
  /** Links that the consent page shows. */
  info?: {
    marketingUrl: string | null;
    privacyStatementUrl: string | null;
    supportUrl: string | null;
    termsOfServiceUrl: string | null;
  };
  serviceManagementReference: string | null;
  isDeviceOnlyAuthSupported?: boolean | null;
  groupMembershipClaims: string | null;
  isFallbackPublicClient: boolean | null;
  oauth2RequirePostResponse: boolean;
  tags: string[];
  appRoles: AppRole[];
  api: {
    requestedAccessTokenVersion: number | null;
    acceptMappedClaims: boolean | null;
    knownClientApplications: string[];
    oauth2PermissionScopes: PermissionScope[];
    preAuthorizedApplications: { appId: string; delegatedPermissionIds: string[] }[];
  };
  web: {
    homePageUrl: string | null;
    logoutUrl: string | null;
    redirectUris: string[];
    implicitGrantSettings: { enableAccessTokenIssuance: boolean; enableIdTokenIssuance: boolean };
  };
  spa: { redirectUris: string[] };
  publicClient: { redirectUris: string[] };
  optionalClaims: { idToken: OptionalClaim[]; accessToken: OptionalClaim[]; saml2Token: OptionalClaim[] } | null;
  requiredResourceAccess: { resourceAppId: string; resourceAccess: { id: string; type: "Scope" | "Role" }[] }[];
  passwordCredentials: PasswordCredential[];
  /** Kept out of the application's own JSON, served under /federatedIdentityCredentials. */
  federatedIdentityCredentials: FederatedIdentityCredential[];
  owners: string[];
}

export interface ServicePrincipal {
  id: string;
  appId: string;
  displayName: string;
  description: string | null;
  accountEnabled: boolean;
  appRoleAssignmentRequired: boolean;
  servicePrincipalType: "Application" | "ManagedIdentity";
  servicePrincipalNames: string[];
  appOwnerOrganizationId: string;
  loginUrl: string | null;
  notes: string | null;
  notificationEmailAddresses: string[];
  preferredSingleSignOnMode: string | null;
  /** A managed identity's second name is the id of its Azure resource. */
  alternativeNames: string[];
  samlSingleSignOnSettings?: { relayState: string | null } | null;
  tags: string[];
  owners: string[];
  /** First-party resources (Microsoft Graph, Azure Resource Manager, Key Vault) have no application in the tenant. */
  firstParty?: { appRoles: AppRole[]; oauth2PermissionScopes: PermissionScope[] };
}

export interface AppRoleAssignment {
  id: string;
  appRoleId: string;
  principalId: string;
  principalType: "User" | "Group" | "ServicePrincipal";
  resourceId: string;
  createdDateTime: string;
}

export interface OAuth2PermissionGrant {
  id: string;
  clientId: string;
  consentType: "AllPrincipals" | "Principal";
  principalId: string | null;
  resourceId: string;
  scope: string;
}

/** A resource of Azure Resource Manager, exactly as it is answered; the map's key is the lower-cased id. */
export interface ArmResource {
  id: string;
  name: string;
  type: string;
  location?: string;
  tags?: Record<string, string>;
  identity?: unknown;
  sku?: unknown;
  kind?: string;
  systemData?: { createdAt: string; lastModifiedAt: string };
  properties: Record<string, unknown>;
}

/** One version of a Key Vault secret. The value is sealed with the sandbox's own key: the store's file holds no plain secret. */
export interface VaultSecretVersion {
  version: string;
  sealedValue: string;
  contentType?: string;
  tags?: Record<string, string>;
  enabled: boolean;
  created: number;
  updated: number;
  notBefore?: number;
  expires?: number;
}

export interface VaultSecret {
  vault: string;
  name: string;
  versions: VaultSecretVersion[];
  deleted?: { deletedDate: number; scheduledPurgeDate: number };
}

/** Everything that the emulator remembers between two starts. */
export interface Directory {
  tenantId: string;
  /** Verified domains, the initial `*.onmicrosoft.com` one first. */
  domains: string[];
  users: Record<string, User>;
  groups: Record<string, Group>;
  applications: Record<string, Application>;
  servicePrincipals: Record<string, ServicePrincipal>;
  appRoleAssignments: Record<string, AppRoleAssignment>;
  oauth2PermissionGrants: Record<string, OAuth2PermissionGrant>;
  conditionalAccessPolicies: Record<string, StoredPolicy>;
  namedLocations: Record<string, StoredLocation>;
  /** The tenant's own; the built-in ones stand in no store. */
  authenticationStrengths: Record<string, StoredStrength>;
  armResources: Record<string, ArmResource>;
  /** Deleted vaults under soft delete, by lower-cased name. */
  deletedVaults: Record<string, ArmResource>;
  /** By `<vault>/<secret>`, lower case. */
  vaultSecrets: Record<string, VaultSecret>;
  /** Private keys of vaults' keys as PEM, sealed, by `<vault>/<key>/<version>`, lower case; made when a key is used first. */
  vaultKeys: Record<string, string>;
  blobs: BlobData;
  /** Azure Databricks; the seed puts the tenant's account in. */
  databricks?: DatabricksData;
  /** Where people sign in from who play no other place. */
  home?: Home;
}
