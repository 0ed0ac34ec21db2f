import { createLocalJWKSet, type JSONWebKeySet } from "jose";
import type { EmulatorContext } from "../context.ts";
import { EntraError } from "./errors.ts";

/** Finds the key that a token's header names among those of its issuer. */
export type IssuerKeys = ReturnType<typeof createLocalJWKSet>;

/**
 * Fetches an issuer's keys the way Entra does: discovery document, then the key set it points to, both without
 * authentication. Throws AADSTS50166 when either cannot be read or speaks for another issuer.
 */
export async function fetchIssuerKeys(
  fetchPublic: EmulatorContext["fetchPublic"],
  issuer: string,
): Promise<IssuerKeys> {
  const metadata = await fetchDocument(fetchPublic, `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  if (metadata.issuer !== issuer)
    throw new EntraError(50166, { details: `The discovery document of ${issuer} names another issuer.` });
  const keysUrl = metadata.jwks_uri;
  if (typeof keysUrl !== "string" || !keysUrl.startsWith("https://"))
    throw new EntraError(50166, { details: `The discovery document of ${issuer} names no https jwks_uri.` });
  const keys = await fetchDocument(fetchPublic, keysUrl);
  if (!Array.isArray(keys.keys)) throw new EntraError(50166, { details: `${keysUrl} holds no key set.` });
  return createLocalJWKSet(keys as unknown as JSONWebKeySet);
}

async function fetchDocument(
  fetchPublic: EmulatorContext["fetchPublic"],
  url: string,
): Promise<Record<string, unknown>> {
  const { status, body } = await fetchPublic(url).catch(() => ({ status: 0, body: undefined }));
  if (status === 200 && typeof body === "object" && body !== null) return body as Record<string, unknown>;
  throw new EntraError(50166, {
    details: status === 0 ? `${url} cannot be reached.` : `${url} answered with status ${status}.`,
  });
}
