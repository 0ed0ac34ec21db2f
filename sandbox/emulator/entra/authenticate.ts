import type { JWTPayload } from "jose";
import type { Caller, EmulatorContext } from "../context.ts";
import type { Store } from "../store.ts";
import type { SigningKeys } from "./keys.ts";
import { audienceAliases } from "./resources.ts";

/**
 * Makes `EmulatorContext.authenticate`: it takes access tokens that the emulator signed for this directory and the audience
 * (under any of the resource's names) and that are valid now.
 */
export function createAuthenticate(keys: SigningKeys, store: Store, now: () => Date): EmulatorContext["authenticate"] {
  return async (authorization, audience) => {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) return undefined;
    const claims = await keys.verify(token, now());
    if (claims === undefined || claims.tid !== store.data.tenantId) return undefined;
    const isForAudience = typeof claims.aud === "string" && audienceAliases(audience).includes(claims.aud);
    return isForAudience ? callerOf(claims) : undefined;
  };
}

function callerOf(claims: JWTPayload): Caller | undefined {
  const objectId = text(claims.oid);
  const clientId = text(claims.azp) ?? text(claims.appid);
  // An ID token names no authorised party: it proves a sign-in, and opens no interface.
  if (objectId === undefined || clientId === undefined) return undefined;
  const scopes = text(claims.scp);
  const ipAddress = text(claims.ipaddr);
  return {
    objectId,
    clientId,
    ...(scopes === undefined ? {} : { user: { id: objectId } }),
    ...(ipAddress === undefined ? {} : { ipAddress }),
    roles: Array.isArray(claims.roles) ? claims.roles.filter((role) => typeof role === "string") : [],
    scopes: scopes?.split(" ").filter((scope) => scope !== "") ?? [],
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
