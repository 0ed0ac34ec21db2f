import type { Directory } from "../directory.ts";
import { firstPartyConsent } from "../first-party.ts";
import type { Client } from "./clients.ts";
import { EntraError } from "./errors.ts";
import { findResource, GRAPH_APP_ID, type Resource } from "./resources.ts";

/** OpenID Connect's own scopes; the consent to them is recorded on Microsoft Graph. */
const OIDC = ["openid", "profile", "email", "offline_access"];
const DEFAULT = ".default";

/** The words of a scope text that are permissions on a resource. */
export function withoutOidc(text: string): string[] {
  return text.split(" ").filter((word) => word !== "" && !OIDC.includes(word));
}

/** What a sign-in asks for, after its scope text was understood. */
export interface Scopes {
  /** The OpenID Connect scopes among those asked for. */
  readonly oidc: readonly string[];
  /** Name of the resource that the access token is for, as it was asked for. */
  readonly resource: string;
  /** Permissions asked for on the resource, `.default` included. */
  readonly permissions: readonly string[];
}

/**
 * Understands a scope text. Throws AADSTS900144 (none), 70011 (.default beside others), 28000 (two resources), 500011
 * (unknown resource) and 650053 (unknown permission, for example `groups`).
 */
export function parseScopes(data: Directory, client: Client, text: string | undefined): Scopes {
  const words = (text ?? "").split(" ").filter((word) => word !== "");
  if (words.length === 0) throw new EntraError(900144, { parameter: "scope" });
  const oidc = words.filter((word) => OIDC.includes(word));
  const asked = withoutOidc(words.join(" ")).map(splitScope);
  const resources = [...new Set(asked.map(({ resource }) => resource))];
  if (resources.length > 1) throw new EntraError(28000, { scopes: words.join(" ") });
  const permissions = asked.map(({ permission }) => permission);
  if (permissions.includes(DEFAULT) && permissions.length > 1)
    throw new EntraError(70011, {
      details: `The scope ${words.join(" ")} is not valid. .default scope can't be combined with resource-specific scopes.`,
    });
  const name = resources[0] ?? GRAPH_APP_ID;
  // A sign-in that names no permission needs no resource in the directory: its access token is for userinfo alone.
  if (permissions.length > 0) checkPermissions(data, client, name, permissions);
  return { oidc, resource: name, permissions };
}

function checkPermissions(data: Directory, client: Client, name: string, permissions: readonly string[]) {
  const resource = requireResource(data, name);
  const known = resource.scopes.filter((scope) => scope.isEnabled).map((scope) => scope.value);
  const unknown = permissions.find((permission) => permission !== DEFAULT && !known.includes(permission));
  if (unknown !== undefined)
    throw new EntraError(650053, {
      name: client.application.displayName,
      scope: unknown,
      resource: resource.servicePrincipal.appId,
    });
}

/** Throws AADSTS500011 for a resource that the directory does not know. */
export function requireResource(data: Directory, name: string): Resource {
  const resource = findResource(data, name);
  if (resource === undefined) throw new EntraError(500011, { resource: name, tenant: data.tenantId });
  return resource;
}

/**
 * The permissions that the person or an administrator consented to, among those asked for. `.default` stands for everything
 * that was consented to. Throws AADSTS65001 when something asked for is missing.
 */
export function consentedPermissions(data: Directory, client: Client, userId: string, scopes: Scopes): string[] {
  const named = [
    { resource: GRAPH_APP_ID, permissions: scopes.oidc },
    { resource: scopes.resource, permissions: scopes.permissions },
  ];
  const granted = named.flatMap(({ resource, permissions }) => {
    if (permissions.length === 0) return [];
    const all = consentedOn(data, client, userId, resource);
    const missing = permissions.filter((permission) => permission !== DEFAULT && !all.includes(permission));
    const isComplete = permissions.includes(DEFAULT) ? all.length > 0 : missing.length === 0;
    if (isComplete) return permissions.includes(DEFAULT) ? all : permissions;
    throw new EntraError(65001, {
      client: client.application.appId,
      name: client.application.displayName,
      scopes: permissions.map((permission) => `'${permission}'`).join(", "),
      resource: findResource(data, resource)?.servicePrincipal.displayName ?? resource,
    });
  });
  return [...new Set(granted)];
}

function consentedOn(data: Directory, client: Client, userId: string, name: string): string[] {
  const resource = findResource(data, name);
  if (resource === undefined) return [];
  const byGrant = Object.values(data.oauth2PermissionGrants)
    .filter(
      (grant) => grant.clientId === client.servicePrincipal.id && grant.resourceId === resource.servicePrincipal.id,
    )
    .filter((grant) => grant.consentType === "AllPrincipals" || grant.principalId === userId)
    .flatMap((grant) => grant.scope.split(" ").filter((scope) => scope !== ""));
  const preAuthorized = (resource.application?.api.preAuthorizedApplications ?? [])
    .filter((entry) => entry.appId === client.application.appId)
    .flatMap((entry) => resource.scopes.filter((scope) => entry.delegatedPermissionIds.includes(scope.id)))
    .map((scope) => scope.value);
  const ownedByMicrosoft = firstPartyConsent(client.application.appId, resource.servicePrincipal);
  return [...new Set([...byGrant, ...preAuthorized, ...ownedByMicrosoft])];
}

/** `api://name/scope` is a permission on a resource; a bare word is one on Microsoft Graph. */
export function splitScope(word: string): { resource: string; permission: string } {
  const slash = word.lastIndexOf("/");
  if (slash === -1) return { resource: GRAPH_APP_ID, permission: word };
  return { resource: word.slice(0, slash), permission: word.slice(slash + 1) };
}
