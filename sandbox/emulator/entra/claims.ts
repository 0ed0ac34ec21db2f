import { createHash, randomBytes } from "node:crypto";
import type { JWTPayload } from "jose";
import type { SignInConditions } from "../../../model/conditional-access/sign-in.ts";
import type { Directory, OptionalClaim, User } from "../directory.ts";
import { assignedRoleValues } from "../membership.ts";
import type { Client } from "./clients.ts";
import { groupClaims } from "./group-claims.ts";
import { signInName } from "./person.ts";
import type { SecondFactor } from "./session.ts";
import { issuerV2 } from "./tenant.ts";

/** What a token about a person's sign-in is made from. */
export interface SignInFacts {
  readonly user: User;
  /** OpenID Connect scopes that were asked for. */
  readonly oidc: readonly string[];
  readonly nonce?: string;
  readonly sid: string;
  readonly authTime: Date;
  /** Where and how the person signed in, and with what besides the password. */
  readonly conditions?: SignInConditions;
  readonly secondFactor?: SecondFactor;
  /** The token travels in the browser's address. */
  readonly frontChannel?: boolean;
  /** The code that goes with the token (hybrid flow), for `c_hash`. */
  readonly code?: string;
}

/** Lifetime of an ID token, in seconds. */
const ID_TOKEN_LIFETIME = 3600;

/** The claims of a v2.0 ID token (https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference). */
export function idTokenClaims(data: Directory, client: Client, facts: SignInFacts, now: Date): JWTPayload {
  const { application, servicePrincipal } = client;
  const { user, oidc } = facts;
  const optional = application.optionalClaims?.idToken ?? [];
  const roles = assignedRoleValues(data, user.id, servicePrincipal);
  const groups = groupClaims(data, application, servicePrincipal, user.id, optional, facts.frontChannel === true);
  return withoutUndefined({
    aud: application.appId,
    iss: issuerV2(data),
    ...validity(now, ID_TOKEN_LIFETIME),
    ...(oidc.includes("profile") ? { name: user.displayName, oid: user.id, preferred_username: signInName(user) } : {}),
    ...guestClaims(data, user),
    email: emailClaim(user, oidc, optional),
    nonce: facts.nonce,
    roles: roles.length > 0 ? roles : undefined,
    ...groups,
    ...optionalClaimValues(user, facts, optional),
    c_hash: facts.code === undefined ? undefined : halfHash(facts.code),
    sub: pairwiseSubject(data, application.appId, user.id),
    tid: data.tenantId,
    ...opaqueClaims(),
    ver: "2.0",
  });
}

/** Differs between two applications for one person, and stays the same for one application. */
export function pairwiseSubject(data: Directory, clientId: string, userId: string): string {
  return createHash("sha256").update(`${data.tenantId}:${clientId}:${userId}`).digest("base64url");
}

/** `iat`, `nbf` and `exp` as whole seconds. */
export function validity(now: Date, lifetime: number): { iat: number; nbf: number; exp: number } {
  const iat = Math.floor(now.getTime() / 1000);
  return { iat, nbf: iat, exp: iat + lifetime };
}

/** Claims for Entra's own use; clients are told to ignore what stands in them. */
export function opaqueClaims(): { aio: string; rh: string; uti: string } {
  const random = (bytes: number) => randomBytes(bytes).toString("base64url");
  return { aio: random(48), rh: `1.${random(40)}`, uti: random(16) };
}

/** `idp` names a guest's home directory; a member has none. */
export function guestClaims(data: Directory, user: User): { idp?: string } {
  if (user.homeTenantId === undefined || user.homeTenantId === data.tenantId) return {};
  return { idp: `https://sts.windows.net/${user.homeTenantId}/` };
}

/** The person's optional claims among those that the registration names; others are left out, as Entra does. */
export function optionalClaimValues(
  user: User,
  facts: Pick<SignInFacts, "sid" | "authTime" | "oidc">,
  optional: readonly OptionalClaim[],
): JWTPayload {
  const profile = <T>(value: T) => (facts.oidc.includes("profile") ? value : undefined);
  const values: Readonly<Record<string, (claim: OptionalClaim) => unknown>> = {
    acct: () => (user.userType === "Guest" ? 1 : 0),
    auth_time: () => Math.floor(facts.authTime.getTime() / 1000),
    ctry: () => user.country,
    family_name: () => profile(user.surname),
    given_name: () => profile(user.givenName),
    login_hint: () => Buffer.from(signInName(user)).toString("base64url"),
    sid: () => facts.sid,
    upn: (claim) => profile(upn(user, claim)),
    verified_primary_email: () => (user.mail === null ? undefined : [user.mail]),
  };
  return withoutUndefined(
    Object.fromEntries(optional.map((claim) => [claim.name, values[claim.name]?.(claim) ?? undefined])),
  );
}

/** A guest's `email` is there by itself; a member's by scope or optional claim. Nobody without mail has one. */
export function emailClaim(
  user: User,
  oidc: readonly string[],
  optional: readonly OptionalClaim[],
): string | undefined {
  const asked = oidc.includes("email") || optional.some((claim) => claim.name === "email") || user.userType === "Guest";
  return asked ? (user.mail ?? undefined) : undefined;
}

export function withoutUndefined(claims: JWTPayload): JWTPayload {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined && value !== null));
}

function upn(user: User, claim: OptionalClaim): string {
  if (user.userType !== "Guest") return user.userPrincipalName;
  if (claim.additionalProperties.includes("include_externally_authenticated_upn_without_hash"))
    return user.userPrincipalName.replaceAll("#", "_");
  if (claim.additionalProperties.includes("include_externally_authenticated_upn")) return user.userPrincipalName;
  return signInName(user);
}

/** Left half of the SHA-256, as OpenID Connect Core 3.3.2.11 asks for RS256. */
function halfHash(text: string): string {
  return createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url");
}
