import { z } from "zod";
import { guid } from "../body.ts";
import { bindings } from "../references.ts";

/**
 * The writable properties of an application (https://learn.microsoft.com/graph/api/resources/application), as far as the
 * sandbox stores them. Clients send explicit nulls and empty lists for what is not set; both are taken.
 */

const text = z.string().nullable();
const uris = z.array(z.string());

/** Graph's rule for the values of roles and scopes: printable ASCII without spaces, no leading dot, 120 characters. */
const entitlementValue = z
  .string()
  .max(120)
  .regex(/^(?!\.)[!#-[\]-~]*$/, "may not hold spaces, quotes or backslashes, nor start with a dot");

const appRole = z.strictObject({
  id: guid,
  allowedMemberTypes: z.array(z.enum(["User", "Application"])).min(1),
  description: z.string().min(1),
  displayName: z.string().min(1),
  isEnabled: z.boolean().default(true),
  origin: z.string().optional(),
  value: entitlementValue.nullable().default(null),
});

const scope = z.strictObject({
  id: guid,
  adminConsentDescription: z.string(),
  adminConsentDisplayName: z.string(),
  userConsentDescription: text.default(null),
  userConsentDisplayName: text.default(null),
  isEnabled: z.boolean().default(true),
  type: z.enum(["User", "Admin"]).default("User"),
  value: entitlementValue.min(1),
});

const optionalClaim = z.strictObject({
  name: z.string().min(1),
  source: text.default(null),
  essential: z.boolean().default(false),
  additionalProperties: z.array(z.string()).default([]),
});

const api = z.strictObject({
  requestedAccessTokenVersion: z
    .union([z.literal(1), z.literal(2)])
    .nullable()
    .optional(),
  acceptMappedClaims: z.boolean().nullable().optional(),
  knownClientApplications: z.array(guid).optional(),
  oauth2PermissionScopes: z.array(scope).optional(),
  preAuthorizedApplications: z.array(z.strictObject({ appId: guid, delegatedPermissionIds: z.array(guid) })).optional(),
});

const web = z.strictObject({
  homePageUrl: text.optional(),
  logoutUrl: text.optional(),
  redirectUris: uris.optional(),
  implicitGrantSettings: z
    .strictObject({
      enableAccessTokenIssuance: z.boolean().optional(),
      enableIdTokenIssuance: z.boolean().optional(),
    })
    .optional(),
});

const requiredResourceAccess = z.array(
  z.strictObject({
    resourceAppId: guid,
    resourceAccess: z.array(z.strictObject({ id: guid, type: z.enum(["Scope", "Role"]) })),
  }),
);

const optionalClaims = z
  .strictObject({
    idToken: z.array(optionalClaim).default([]),
    accessToken: z.array(optionalClaim).default([]),
    saml2Token: z.array(optionalClaim).default([]),
  })
  .nullable();

const info = z.strictObject({
  marketingUrl: text.optional(),
  privacyStatementUrl: text.optional(),
  supportUrl: text.optional(),
  termsOfServiceUrl: text.optional(),
});

const writable = {
  displayName: z.string().min(1).max(256),
  description: text.optional(),
  notes: text.optional(),
  info: info.optional(),
  serviceManagementReference: text.optional(),
  isDeviceOnlyAuthSupported: z.boolean().nullable().optional(),
  signInAudience: z
    .enum(["AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"])
    .optional(),
  identifierUris: uris.optional(),
  groupMembershipClaims: text.optional(),
  isFallbackPublicClient: z.boolean().nullable().optional(),
  tags: z.array(z.string()).optional(),
  appRoles: z.array(appRole).optional(),
  api: api.optional(),
  web: web.optional(),
  spa: z.strictObject({ redirectUris: uris.optional() }).optional(),
  publicClient: z.strictObject({ redirectUris: uris.optional() }).optional(),
  optionalClaims: optionalClaims.optional(),
  requiredResourceAccess: requiredResourceAccess.optional(),
};

/** Beta knows one property more. */
const betaWritable = { ...writable, oauth2RequirePostResponse: z.boolean().optional() };

export const newApplication = {
  "v1.0": z.strictObject({ ...writable, "owners@odata.bind": bindings }),
  beta: z.strictObject({ ...betaWritable, "owners@odata.bind": bindings }),
};

/** Clients repeat the object's own id in a PATCH; it changes nothing. */
export const applicationPatch = {
  "v1.0": z.strictObject({ ...writable, id: guid.optional() }).partial(),
  beta: z.strictObject({ ...betaWritable, id: guid.optional() }).partial(),
};
