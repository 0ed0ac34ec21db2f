import { compactVerify, decodeJwt, decodeProtectedHeader, type JWTPayload } from "jose";
import type { EmulatorContext } from "../context.ts";
import type { Directory } from "../directory.ts";
import { EntraError } from "./errors.ts";
import { fetchIssuerKeys } from "./issuer-keys.ts";
import { applicationOf } from "./resources.ts";

/** What a federated credential compares; an application's and a managed identity's have it in common. */
export interface Federation {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

const FEDERATED_CREDENTIAL = "microsoft.managedidentity/userassignedidentities/federatedidentitycredentials";
const MANAGED_IDENTITY = "microsoft.managedidentity/userassignedidentities";
/** How far the issuer's clock may run ahead, in seconds. */
const CLOCK_SKEW = 300;

/**
 * Checks a federated client assertion as Entra does: issuer, subject and audience against the client's federated
 * credentials (AADSTS700211, 700213, 700212; 7002138 when only the case differs), then the signature against the issuer's
 * published keys (50166, 700027), then its time (700024, 500133). Throws 50027 for what is no token.
 */
export async function checkAssertion(context: EmulatorContext, clientId: string, assertion: string): Promise<void> {
  const claims = readClaims(assertion);
  const { iss, sub } = claims;
  if (iss === undefined || sub === undefined) throw new EntraError(50027);
  // An assertion that the client signed itself needs a certificate on the application, and the directory keeps none.
  if (iss === clientId) throw new EntraError(700027, { reason: "The key was not found." });
  matchFederation(federationsOf(context.store.data, clientId), iss, sub, audiencesOf(claims));
  await checkSignature(context, iss, assertion);
  checkTime(claims, context.now());
}

/** The federated credentials of an application or of a managed identity, by client id. */
export function federationsOf(data: Directory, clientId: string): readonly Federation[] {
  const application = applicationOf(data, clientId);
  if (application !== undefined) return application.federatedIdentityCredentials;
  const resources = Object.values(data.armResources);
  const identity = resources.find(
    (resource) => resource.type.toLowerCase() === MANAGED_IDENTITY && resource.properties.clientId === clientId,
  );
  if (identity === undefined) return [];
  const prefix = `${identity.id}/federatedIdentityCredentials/`.toLowerCase();
  return resources
    .filter((resource) => resource.type.toLowerCase() === FEDERATED_CREDENTIAL)
    .filter((resource) => resource.id.toLowerCase().startsWith(prefix))
    .map(({ properties }) => ({
      issuer: String(properties.issuer),
      subject: String(properties.subject),
      audiences: Array.isArray(properties.audiences) ? properties.audiences.map(String) : [],
    }));
}

function matchFederation(known: readonly Federation[], issuer: string, subject: string, audiences: readonly string[]) {
  const ofIssuer = known.filter((federation) => federation.issuer === issuer);
  if (ofIssuer.length === 0) {
    if (known.some((federation) => differsInCase(federation.issuer, issuer)))
      throw new EntraError(7002138, { part: "issuer", value: issuer });
    throw new EntraError(700211, { issuer });
  }
  const ofSubject = ofIssuer.filter((federation) => federation.subject === subject);
  if (ofSubject.length === 0) {
    if (ofIssuer.some((federation) => differsInCase(federation.subject, subject)))
      throw new EntraError(7002138, { part: "subject", value: subject });
    throw new EntraError(700213, { subject });
  }
  if (!ofSubject.some((federation) => federation.audiences.some((audience) => audiences.includes(audience))))
    throw new EntraError(700212, { audience: audiences.join(", ") });
}

function differsInCase(left: string, right: string): boolean {
  return left !== right && left.toLowerCase() === right.toLowerCase();
}

async function checkSignature(context: EmulatorContext, issuer: string, assertion: string): Promise<void> {
  if (decodeProtectedHeader(assertion).alg !== "RS256")
    throw new EntraError(700027, { reason: "The signature algorithm is not RS256." });
  const keys = await fetchIssuerKeys(context.fetchPublic, issuer);
  try {
    await compactVerify(assertion, keys, { algorithms: ["RS256"] });
  } catch (error) {
    const isUnknownKey = (error as { code?: string }).code === "ERR_JWKS_NO_MATCHING_KEY";
    throw new EntraError(700027, { reason: isUnknownKey ? "The key was not found." : "The signature does not match." });
  }
}

function checkTime(claims: JWTPayload, now: Date) {
  const seconds = now.getTime() / 1000;
  const from = claims.nbf ?? claims.iat ?? 0;
  const values = { now: now.toISOString(), from: isoTime(from), until: isoTime(claims.exp ?? 0) };
  if (claims.exp === undefined || claims.exp <= seconds) throw new EntraError(700024, values);
  if (from > seconds + CLOCK_SKEW) throw new EntraError(500133, values);
}

function readClaims(assertion: string): JWTPayload {
  try {
    decodeProtectedHeader(assertion);
    return decodeJwt(assertion);
  } catch {
    throw new EntraError(50027);
  }
}

function audiencesOf(claims: JWTPayload): string[] {
  if (claims.aud === undefined) return [];
  return typeof claims.aud === "string" ? [claims.aud] : claims.aud;
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
