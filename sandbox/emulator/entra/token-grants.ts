import { assignedRoleIds } from "../membership.ts";
import { applicationToken, type ClientProof, delegatedToken, type TokenClient } from "./access-token.ts";
import { idTokenClaims } from "./claims.ts";
import { type ClientCredentials, proveClient } from "./client-auth.ts";
import { type Client, findClient, type Platform } from "./clients.ts";
import { EntraError } from "./errors.ts";
import { required } from "./form-endpoint.ts";
import type { SignIn } from "./grants.ts";
import { checkPerson } from "./person.ts";
import { checkVerifier } from "./pkce.ts";
import { applicationOf, findResource, GRAPH_APP_ID, servicePrincipalOf } from "./resources.ts";
import { consentedPermissions, parseScopes, requireResource, type Scopes, splitScope, withoutOidc } from "./scopes.ts";
import type { EntraState } from "./state.ts";
import type { TenantSegment } from "./tenant.ts";
import { judgeRefresh, judgeWorkload } from "./token-access.ts";

/** One request to the token endpoint, after its client was read. */
export interface TokenRequest {
  readonly tenant: TenantSegment;
  readonly body: URLSearchParams;
  readonly credentials: ClientCredentials;
  /** `Origin` header: set when a page's own script asks. */
  readonly origin?: string;
  readonly correlationId: string;
}

export interface TokenAnswer {
  readonly token_type: "Bearer";
  readonly scope?: string;
  readonly expires_in: number;
  readonly ext_expires_in: number;
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly client_info?: string;
}

/** `grant_type=authorization_code`. */
export async function redeemCode(state: EntraState, request: TokenRequest): Promise<TokenAnswer> {
  const { body, credentials, origin } = request;
  const client = findClient(state.context.store.data, credentials.clientId, request.tenant);
  const code = required(body, "code");
  const redirectUri = required(body, "redirect_uri");
  const grant = state.grants.readCode(code);
  if (grant.clientId !== credentials.clientId) throw new EntraError(70000, { parameter: "code" });
  // Entra misses PKCE first: a server that redeems a single-page application's code without it hears 9002325, with it 9002327.
  if (grant.platform === "spa" && grant.challenge === undefined) throw new EntraError(9002325);
  checkOrigin(grant.platform, origin);
  if (grant.redirectUri !== redirectUri)
    throw new EntraError(500112, { redirect: redirectUri, expected: grant.redirectUri });
  checkVerifier(grant.challenge, body.get("code_verifier"));
  const proof = await proveClient(state.context, client.application, credentials, grant.platform);
  state.grants.spendCode(code);
  return personAnswer(state, client, proof, grant, body);
}

/** `grant_type=refresh_token`. The person's account, assignment, Conditional Access and consent are looked at anew. */
export async function redeemRefreshToken(state: EntraState, request: TokenRequest): Promise<TokenAnswer> {
  const { body, credentials, origin } = request;
  const client = findClient(state.context.store.data, credentials.clientId, request.tenant);
  const token = required(body, "refresh_token");
  const signIn = state.grants.readRefreshToken(token);
  if (signIn.clientId !== credentials.clientId) throw new EntraError(70000, { parameter: "refresh_token" });
  checkOrigin(signIn.platform, origin);
  const proof = await proveClient(state.context, client.application, credentials, signIn.platform);
  const asked = body.get("scope");
  const scopes = asked === null ? signIn.scopes : parseScopes(state.context.store.data, client, asked);
  const renewed = { ...signIn, scopes };
  const user = checkPerson(state.context.store.data, client, signIn.userId);
  judgeRefresh(state, client, user, renewed, request.correlationId);
  return personAnswer(state, client, proof, renewed, body, token);
}

/**
 * `grant_type=client_credentials`, for applications and for managed identities. OpenID Connect's scopes are passed over:
 * Microsoft's library for Go sends them with every request.
 */
export async function clientCredentials(state: EntraState, request: TokenRequest): Promise<TokenAnswer> {
  const { context } = state;
  const { data } = context.store;
  const { clientId } = request.credentials;
  if (request.tenant !== "tenant") throw new EntraError(50059);
  const application = applicationOf(data, clientId);
  const servicePrincipal = servicePrincipalOf(data, clientId);
  const isIdentity = servicePrincipal?.servicePrincipalType === "ManagedIdentity";
  if (application === undefined && !isIdentity)
    throw new EntraError(700016, { client: clientId, tenant: data.tenantId });
  const name = application?.displayName ?? servicePrincipal?.displayName ?? clientId;
  if (servicePrincipal === undefined) throw new EntraError(7000229, { client: clientId, tenant: data.tenantId });
  if (!servicePrincipal.accountEnabled) throw new EntraError(7000112, { client: clientId, name });
  const scope = required(request.body, "scope");
  const [asked, ...more] = withoutOidc(scope);
  const { resource: resourceName, permission } = splitScope(asked ?? "");
  if (permission !== ".default" || more.length > 0) throw new EntraError(1002012, { scopes: scope });
  const proof = await proveClient(context, application, request.credentials, "web");
  const resource = requireResource(data, resourceName);
  const target = resource.servicePrincipal;
  if (target.appRoleAssignmentRequired && assignedRoleIds(data, servicePrincipal.id, target.id).length === 0)
    throw new EntraError(501051, { client: clientId, name, resource: target.appId, resourceName: target.displayName });
  judgeWorkload(state, servicePrincipal, application, target.appId, request.correlationId);
  const client: TokenClient = { clientId, displayName: name, proof };
  const { claims, expiresIn } = applicationToken(data, client, servicePrincipal, resource, context.now());
  const access_token = await state.keys.sign(claims);
  return { token_type: "Bearer", expires_in: expiresIn, ext_expires_in: expiresIn, access_token };
}

/** The tokens of a person's sign-in; account, assignment and consent are looked at anew. */
export async function personAnswer(
  state: EntraState,
  client: Client,
  proof: ClientProof,
  signIn: SignIn,
  body: URLSearchParams,
  previous?: string,
): Promise<TokenAnswer> {
  const { context, keys, grants } = state;
  const { data } = context.store;
  const now = context.now();
  const user = checkPerson(data, client, signIn.userId);
  const { scopes } = signIn;
  const permissions = consentedPermissions(data, client, user.id, scopes);
  const facts = { ...signIn, user, oidc: scopes.oidc };
  const resource = findResource(data, scopes.resource) ?? requireResource(data, GRAPH_APP_ID);
  const tokenClient = { clientId: signIn.clientId, displayName: client.application.displayName, proof };
  // offline_access asks for the refresh token; it opens nothing at a resource.
  const scp = permissions.filter((permission) => permission !== "offline_access");
  const access = delegatedToken(
    data,
    tokenClient,
    resource,
    facts,
    resourceScopes(scp, scopes, resource.servicePrincipal.appId),
    now,
  );
  return {
    token_type: "Bearer",
    scope: answerScope(scp, scopes, resource.servicePrincipal.appId),
    expires_in: access.expiresIn,
    ext_expires_in: access.expiresIn,
    access_token: await keys.sign(access.claims),
    ...(scopes.oidc.includes("offline_access") ? { refresh_token: grants.issueRefreshToken(signIn, previous) } : {}),
    ...(scopes.oidc.includes("openid") ? { id_token: await keys.sign(idTokenClaims(data, client, facts, now)) } : {}),
    ...(body.get("client_info") === "1" ? { client_info: clientInfo(user.id, data.tenantId) } : {}),
  };
}

/** What Microsoft's own libraries key their token cache by. */
export function clientInfo(userId: string, tenantId: string): string {
  return Buffer.from(JSON.stringify({ uid: userId, utid: tenantId })).toString("base64url");
}

/** Only Microsoft Graph's tokens carry the OpenID Connect scopes: its userinfo endpoint reads them. */
function resourceScopes(permissions: readonly string[], scopes: Scopes, appId: string): readonly string[] {
  return appId === GRAPH_APP_ID ? permissions : permissions.filter((permission) => !scopes.oidc.includes(permission));
}

/** Scopes in the answer: those of Microsoft Graph by their short names, others with their resource. */
function answerScope(permissions: readonly string[], scopes: Scopes, appId: string): string {
  if (appId === GRAPH_APP_ID) return permissions.join(" ");
  return permissions
    .map((permission) => (scopes.oidc.includes(permission) ? permission : `${scopes.resource}/${permission}`))
    .join(" ");
}

/** A single-page application's grants are redeemed by a page's script, all others by a server. */
export function checkOrigin(platform: Platform, origin: string | undefined) {
  if (platform === "spa" && origin === undefined) throw new EntraError(9002327);
  if (platform !== "spa" && origin !== undefined) throw new EntraError(9002326, { origin });
}
