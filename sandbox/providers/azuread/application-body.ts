import type { Json } from "../http/api.ts";
import type { PropertyMap, PropertyValue } from "../protocol/types.ts";
import { flag, fromJson, map, maps, text, texts } from "../read-values.ts";
import { featureTagsOf, tagsOf } from "./tags.ts";

/** What takes a property of the application back to nothing. */
const RESETS: Json = {
  description: null,
  notes: null,
  serviceManagementReference: null,
  groupMembershipClaims: null,
  isFallbackPublicClient: null,
  identifierUris: [],
  tags: [],
  appRoles: [],
  requiredResourceAccess: [],
  optionalClaims: null,
  api: {
    knownClientApplications: [],
    oauth2PermissionScopes: [],
    requestedAccessTokenVersion: null,
    acceptMappedClaims: null,
  },
  web: {
    homePageUrl: null,
    logoutUrl: null,
    redirectUris: [],
    implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
  },
  spa: { redirectUris: [] },
  publicClient: { redirectUris: [] },
  info: { marketingUrl: null, privacyStatementUrl: null, supportUrl: null, termsOfServiceUrl: null },
};

/** The application in Graph's words, with only those properties that the program gives. */
export function applicationBody(inputs: PropertyMap): Json {
  const info = ["marketingUrl", "privacyStatementUrl", "supportUrl", "termsOfServiceUrl"].filter(
    (name) => name in inputs,
  );
  const given: Json = {
    displayName: text(inputs.displayName),
    signInAudience: text(inputs.signInAudience),
    description: text(inputs.description),
    notes: text(inputs.notes),
    serviceManagementReference: text(inputs.serviceManagementReference),
    isFallbackPublicClient: flag(inputs.fallbackPublicClientEnabled),
    groupMembershipClaims: inputs.groupMembershipClaims && texts(inputs.groupMembershipClaims).join(","),
    identifierUris: inputs.identifierUris && texts(inputs.identifierUris),
    tags: tagsOf(inputs),
    appRoles: inputs.appRoles && maps(inputs.appRoles).map(roleBody),
    api: inputs.api && apiBody(map(inputs.api)),
    web: inputs.web && webBody(map(inputs.web)),
    spa: inputs.singlePageApplication && { redirectUris: texts(map(inputs.singlePageApplication).redirectUris) },
    publicClient: inputs.publicClient && { redirectUris: texts(map(inputs.publicClient).redirectUris) },
    optionalClaims: inputs.optionalClaims && claimsBody(map(inputs.optionalClaims)),
    requiredResourceAccess: inputs.requiredResourceAccesses && maps(inputs.requiredResourceAccesses).map(accessBody),
    info: info.length > 0 ? Object.fromEntries(info.map((name) => [name, text(inputs[name])])) : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The PATCH that turns the old inputs into the new ones: what was given before and is not any more is reset. */
export function applicationPatch(olds: PropertyMap, news: PropertyMap): Json {
  const body = applicationBody(news);
  for (const name of Object.keys(applicationBody(olds)))
    if (!(name in body) && name in RESETS) body[name] = RESETS[name];
  return body;
}

const roleBody = (role: PropertyMap): Json => ({
  id: text(role.id),
  allowedMemberTypes: texts(role.allowedMemberTypes),
  description: text(role.description),
  displayName: text(role.displayName),
  isEnabled: flag(role.enabled) ?? true,
  value: text(role.value) || null,
});

const scopeBody = (scope: PropertyMap): Json => ({
  id: text(scope.id),
  adminConsentDescription: text(scope.adminConsentDescription),
  adminConsentDisplayName: text(scope.adminConsentDisplayName),
  userConsentDescription: text(scope.userConsentDescription) ?? null,
  userConsentDisplayName: text(scope.userConsentDisplayName) ?? null,
  isEnabled: flag(scope.enabled) ?? true,
  type: text(scope.type) ?? "User",
  value: text(scope.value),
});

const apiBody = (api: PropertyMap): Json => ({
  knownClientApplications: texts(api.knownClientApplications),
  oauth2PermissionScopes: maps(api.oauth2PermissionScopes).map(scopeBody),
  requestedAccessTokenVersion:
    typeof api.requestedAccessTokenVersion === "number" ? api.requestedAccessTokenVersion : 1,
  ...(flag(api.mappedClaimsEnabled) !== undefined && { acceptMappedClaims: flag(api.mappedClaimsEnabled) }),
});

const webBody = (web: PropertyMap): Json => ({
  homePageUrl: text(web.homepageUrl) || null,
  logoutUrl: text(web.logoutUrl) || null,
  redirectUris: texts(web.redirectUris),
  implicitGrantSettings: {
    enableAccessTokenIssuance: flag(map(web.implicitGrant).accessTokenIssuanceEnabled) ?? false,
    enableIdTokenIssuance: flag(map(web.implicitGrant).idTokenIssuanceEnabled) ?? false,
  },
});

const claimBody = (claim: PropertyMap): Json => ({
  name: text(claim.name),
  source: text(claim.source) || null,
  essential: flag(claim.essential) ?? false,
  additionalProperties: texts(claim.additionalProperties),
});

const claimsBody = (claims: PropertyMap): Json => ({
  accessToken: maps(claims.accessTokens).map(claimBody),
  idToken: maps(claims.idTokens).map(claimBody),
  saml2Token: maps(claims.saml2Tokens).map(claimBody),
});

const accessBody = (access: PropertyMap): Json => ({
  resourceAppId: text(access.resourceAppId),
  resourceAccess: maps(access.resourceAccesses).map(({ id, type }) => ({ id: text(id), type: text(type) })),
});

const items = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const object = (value: unknown): Json => (value ?? {}) as Json;

/** The application's input properties as they stand in Entra. */
export function applicationInputs(app: Json): PropertyMap {
  const [api, web, info] = [object(app.api), object(app.web), object(app.info)];
  const implicit = object(web.implicitGrantSettings);
  const claims = object(app.optionalClaims);
  const plain = (value: unknown): PropertyValue => fromJson(value);
  return {
    displayName: plain(app.displayName),
    signInAudience: plain(app.signInAudience),
    description: plain(app.description),
    notes: plain(app.notes),
    serviceManagementReference: plain(app.serviceManagementReference),
    fallbackPublicClientEnabled: plain(app.isFallbackPublicClient),
    groupMembershipClaims:
      typeof app.groupMembershipClaims === "string" ? app.groupMembershipClaims.split(/,\s*/) : null,
    identifierUris: plain(app.identifierUris),
    tags: plain(app.tags),
    featureTags: featureTagsOf(app.tags),
    appRoles: items(app.appRoles).map(roleInputs),
    api: {
      knownClientApplications: plain(api.knownClientApplications),
      mappedClaimsEnabled: plain(api.acceptMappedClaims),
      requestedAccessTokenVersion: plain(api.requestedAccessTokenVersion),
      oauth2PermissionScopes: items(api.oauth2PermissionScopes).map(({ isEnabled, ...scope }) => ({
        ...(plain(scope) as PropertyMap),
        enabled: plain(isEnabled),
      })),
    },
    web: {
      homepageUrl: plain(web.homePageUrl),
      logoutUrl: plain(web.logoutUrl),
      redirectUris: plain(web.redirectUris),
      implicitGrant: {
        accessTokenIssuanceEnabled: plain(implicit.enableAccessTokenIssuance),
        idTokenIssuanceEnabled: plain(implicit.enableIdTokenIssuance),
      },
    },
    singlePageApplication: { redirectUris: plain(object(app.spa).redirectUris) },
    publicClient: { redirectUris: plain(object(app.publicClient).redirectUris) },
    optionalClaims: {
      accessTokens: items(claims.accessToken).map(claimInputs),
      idTokens: items(claims.idToken).map(claimInputs),
      saml2Tokens: items(claims.saml2Token).map(claimInputs),
    },
    requiredResourceAccesses: items(app.requiredResourceAccess).map((access) => ({
      resourceAppId: plain(access.resourceAppId),
      resourceAccesses: plain(access.resourceAccess),
    })),
    marketingUrl: plain(info.marketingUrl),
    privacyStatementUrl: plain(info.privacyStatementUrl),
    supportUrl: plain(info.supportUrl),
    termsOfServiceUrl: plain(info.termsOfServiceUrl),
  };
}

export const roleInputs = (role: Json): PropertyMap => ({
  id: fromJson(role.id),
  allowedMemberTypes: fromJson(role.allowedMemberTypes),
  description: fromJson(role.description),
  displayName: fromJson(role.displayName),
  enabled: fromJson(role.isEnabled),
  value: fromJson(role.value),
});

const claimInputs = (claim: Json): PropertyMap => ({
  name: fromJson(claim.name),
  source: fromJson(claim.source),
  essential: fromJson(claim.essential),
  additionalProperties: fromJson(claim.additionalProperties),
});
