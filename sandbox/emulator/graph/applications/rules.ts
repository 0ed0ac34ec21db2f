import type { Application, AppRole, Directory } from "../../directory.ts";
import { badRequest, duplicateValue, GraphError } from "../errors.ts";

const MAX_REDIRECT_URIS = 256;
const MEMBERSHIP_CLAIMS = ["None", "SecurityGroup", "DirectoryRole", "ApplicationGroup", "All"];

/** Refuses an application that Graph would refuse. `before` is what was stored so far, when it is an update. */
export function checkApplication(data: Directory, application: Application, before?: Application): void {
  checkRedirectUris(application);
  checkIdentifierUris(data, application);
  checkEntitlements(application, before);
  checkGroupClaims(application.groupMembershipClaims);
  const personal = application.signInAudience.includes("PersonalMicrosoftAccount");
  if (personal && application.api.requestedAccessTokenVersion !== 2) {
    throw badRequest(
      "Property api.requestedAccessTokenVersion is invalid: it must be 2 for an application that signs in personal accounts.",
    );
  }
}

/**
 * Web and SPA addresses are https, or http on the machine itself; a public client may have its own scheme. Wildcards are
 * taken: Entra still lets them through the API for organizational accounts, and it is a policy's work to refuse them.
 * https://learn.microsoft.com/entra/identity-platform/reply-url
 */
function checkRedirectUris(application: Application): void {
  const { web, spa, publicClient } = application;
  const refuse = (resource: string, uri: string, why: string) =>
    badRequest(`Invalid value specified for property 'redirectUris' of resource '${resource}': '${uri}' ${why}.`);
  for (const [resource, uris] of [
    ["WebApplication", web.redirectUris],
    ["SpaApplication", spa.redirectUris],
    ["PublicClientApplication", publicClient.redirectUris],
  ] as const) {
    for (const uri of uris) {
      const url = URL.canParse(uri) ? new URL(uri) : undefined;
      if (url === undefined || /\s/.test(uri)) throw refuse(resource, uri, "is not an absolute URI");
      if (uri.includes("#")) throw refuse(resource, uri, "has a fragment");
      if (uri.length > 256) throw refuse(resource, uri, "is longer than 256 characters");
      const loopback = ["localhost", "127.0.0.1"].includes(url.hostname);
      const secure = url.protocol === "https:" || (url.protocol === "http:" && loopback);
      const own = resource === "PublicClientApplication" && url.protocol !== "http:";
      if (!secure && !own) throw refuse(resource, uri, "must start with 'https' or 'http://localhost'");
    }
  }
  const all = [...web.redirectUris, ...spa.redirectUris, ...publicClient.redirectUris];
  if (new Set(all).size < all.length) throw badRequest("Redirect URIs must have distinct values.");
  if (all.length > MAX_REDIRECT_URIS)
    throw badRequest(`An application may have at most ${MAX_REDIRECT_URIS} redirect URIs.`);
  if (web.logoutUrl && !/^https:|^http:\/\/localhost/.test(web.logoutUrl)) {
    throw badRequest(
      "Invalid value specified for property 'logoutUrl' of resource 'WebApplication': it must start with 'https'.",
    );
  }
}

function checkIdentifierUris(data: Directory, application: Application): void {
  for (const uri of application.identifierUris) {
    if (!URL.canParse(uri))
      throw badRequest(`Invalid value specified for property 'identifierUris' of resource 'Application': '${uri}'.`);
    if (!mayIdentify(data, application, uri)) {
      throw new GraphError(
        400,
        "HostNameNotOnVerifiedDomain",
        `Values of identifierUris property must use a verified domain of the organization or its subdomain: '${uri}'`,
      );
    }
    const taken = Object.values(data.applications).some(
      (other) => other.id !== application.id && other.identifierUris.includes(uri),
    );
    if (taken) throw duplicateValue("identifierUris");
  }
}

/**
 * The forms that Entra takes: `api://<client id>`, `api://<tenant id>/…`, `api://…/<client id>`, and `api` or `https` on a
 * verified domain (https://learn.microsoft.com/entra/identity-platform/reference-app-manifest#identifieruris-attribute).
 * Other schemes (`urn:`, `ms-appx:`) are refused here without being confirmed.
 */
function mayIdentify(data: Directory, { appId }: Application, uri: string): boolean {
  const match = /^(api|https):\/\/([^/?#]+)((?:\/[^?#]*)?)$/i.exec(uri);
  if (match === null || uri.endsWith("/")) return false;
  const [, scheme = "", authority = "", path = ""] = match.map((part) => part.toLowerCase());
  const verified = data.domains.some((domain) => authority === domain || authority.endsWith(`.${domain}`));
  if (scheme === "https" || verified) return verified;
  if (path === "") return authority === appId;
  return authority === data.tenantId || path.endsWith(`/${appId}`);
}

/** Ids and values of roles and scopes are unique; one that is enabled can be neither removed nor given another value. */
function checkEntitlements(application: Application, before: Application | undefined): void {
  const roles = application.appRoles;
  const scopes = application.api.oauth2PermissionScopes;
  const repeated =
    firstRepeated([...roles, ...scopes].map(({ id }) => id)) ??
    firstRepeated(roles.flatMap(({ value }) => value ?? [])) ??
    firstRepeated(scopes.map(({ value }) => value));
  if (repeated !== undefined) throw badRequest(`Request contains a property with duplicate values: '${repeated}'.`);
  if (before === undefined) return;
  checkRemovals(before.appRoles, roles);
  checkRemovals(before.api.oauth2PermissionScopes, scopes);
}

type Entitlement = Pick<AppRole, "id" | "isEnabled" | "value">;

function checkRemovals(before: readonly Entitlement[], after: readonly Entitlement[]): void {
  for (const old of before.filter(({ isEnabled }) => isEnabled)) {
    const now = after.find(({ id }) => id === old.id);
    if (now !== undefined && (!now.isEnabled || now.value === old.value)) continue;
    throw new GraphError(
      400,
      "CannotDeleteOrUpdateEnabledEntitlement",
      "Permission (scope or role) cannot be deleted or updated unless disabled first.",
    );
  }
}

function firstRepeated(values: readonly string[]): string | undefined {
  return values.find((value, index) => values.indexOf(value) !== index);
}

/** One value, or several with commas. */
function checkGroupClaims(claims: string | null): void {
  const unknown = claims?.split(",").find((claim) => !MEMBERSHIP_CLAIMS.includes(claim.trim()));
  if (unknown === undefined) return;
  throw badRequest(
    `Invalid value specified for property 'groupMembershipClaims' of resource 'Application': '${unknown}'. Allowed: ${MEMBERSHIP_CLAIMS.join(", ")}.`,
  );
}
