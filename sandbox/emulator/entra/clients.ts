import type { Application, Directory, ServicePrincipal } from "../directory.ts";
import { EntraError } from "./errors.ts";
import { applicationOf, servicePrincipalOf } from "./resources.ts";
import type { TenantSegment } from "./tenant.ts";

/** Where a redirect URI is registered, and so what kind of client redeems the code. */
export type Platform = "web" | "spa" | "publicClient";

/** An application that signs people in. */
export interface Client {
  readonly application: Application;
  readonly servicePrincipal: ServicePrincipal;
}

/**
 * The application behind a client id. Throws AADSTS700016 (unknown here, or without its service principal), 7000112
 * (disabled) and 50194 (a single-tenant application asked for through /common).
 */
export function findClient(data: Directory, clientId: string, tenant: TenantSegment): Client {
  const appId = clientId.toLowerCase();
  const application = applicationOf(data, appId);
  const servicePrincipal = servicePrincipalOf(data, appId);
  if (application === undefined || servicePrincipal === undefined)
    throw new EntraError(700016, { client: clientId, tenant: data.tenantId });
  const values = { client: appId, name: application.displayName, tenant };
  if (!servicePrincipal.accountEnabled) throw new EntraError(7000112, values);
  if (tenant !== "tenant" && application.signInAudience === "AzureADMyOrg") throw new EntraError(50194, values);
  return { application, servicePrincipal };
}

/**
 * The platform under which a redirect URI is registered. Entra compares every character; only the port of a loopback
 * address of a public client is free (RFC 8252 7.3). Throws AADSTS900971, 500113 and 50011.
 */
export function redirectPlatform(application: Application, redirectUri: string | undefined): Platform {
  if (redirectUri === undefined || redirectUri === "") throw new EntraError(900971);
  const registered = registeredRedirects(application);
  if (registered.length === 0) throw new EntraError(500113);
  const match = registered.find(
    ({ uri, platform }) =>
      uri === redirectUri || (platform === "publicClient" && samePortlessLoopback(uri, redirectUri)),
  );
  if (match !== undefined) return match.platform;
  throw new EntraError(50011, {
    redirect: redirectUri,
    client: application.appId,
    details: slashHint(
      registered.map(({ uri }) => uri),
      redirectUri,
    ),
  });
}

/** What kind of client an application is where no redirect URI says so: public where it is registered as one ("Allow public client flows"). */
export function ownPlatform(application: Application): Platform {
  return application.isFallbackPublicClient === true ? "publicClient" : "web";
}

/** Every redirect URI of the application with its platform, web first. */
export function registeredRedirects(application: Application): { uri: string; platform: Platform }[] {
  const of = (uris: readonly string[], platform: Platform) => uris.map((uri) => ({ uri, platform }));
  return [
    ...of(application.web.redirectUris, "web"),
    ...of(application.spa.redirectUris, "spa"),
    ...of(application.publicClient.redirectUris, "publicClient"),
  ];
}

function slashHint(registered: readonly string[], redirectUri: string): string {
  const reason = registered.includes(`${redirectUri}/`)
    ? "requested address did not have a trailing slash"
    : redirectUri.endsWith("/") && registered.includes(redirectUri.slice(0, -1))
      ? "requested address had a trailing slash"
      : undefined;
  return reason === undefined ? "" : ` More details: Reply address did not match because ${reason}.`;
}

function samePortlessLoopback(registered: string, requested: string): boolean {
  const [left, right] = [registered, requested].map((uri) => (URL.canParse(uri) ? new URL(uri) : undefined));
  if (left === undefined || right === undefined) return false;
  if (left.protocol !== "http:" || !["localhost", "127.0.0.1"].includes(left.hostname)) return false;
  return (
    left.protocol === right.protocol &&
    left.hostname === right.hostname &&
    left.pathname === right.pathname &&
    left.search === right.search
  );
}
