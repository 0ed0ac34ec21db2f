import { createHash, randomBytes } from "node:crypto";
import type { JWTPayload } from "jose";
import type { PartnerSignIn } from "./grants.ts";
import { type PartnerPerson, type PartnerProvider, personId } from "./provider.ts";

/** Lifetime of ID and access tokens, in seconds: Okta's standard. */
export const TOKEN_SECONDS = 3600;

/**
 * An ID token's claims as Okta gives them to the code flow: the names that `profile` and `email` stand for, and the
 * groups claim for the scope `groups`, without it when the person is in no group (unconfirmed; tools must not keep rights for that).
 * https://developer.okta.com/docs/guides/customize-tokens-groups-claim/main/
 */
export function partnerIdToken(
  provider: PartnerProvider,
  person: PartnerPerson,
  signIn: PartnerSignIn,
  accessToken: string,
  now: Date,
): JWTPayload {
  const { clientId, scopes, nonce, authTime } = signIn;
  return {
    sub: personId(provider, person.key),
    ...(scopes.includes("profile") ? { name: person.displayName, preferred_username: person.mail } : {}),
    ...(scopes.includes("email") ? { email: person.mail } : {}),
    ver: 1,
    iss: provider.issuer,
    aud: clientId,
    ...validity(now),
    jti: `ID.${randomBytes(32).toString("base64url")}`,
    amr: ["pwd"],
    idp: `00o${createHash("sha256").update(new URL(provider.issuer).host).digest("hex").slice(0, 17)}`,
    ...(nonce === undefined ? {} : { nonce }),
    auth_time: seconds(authTime),
    at_hash: createHash("sha256").update(accessToken).digest().subarray(0, 16).toString("base64url"),
    ...groupsOf(provider, person, scopes),
  };
}

/** An access token's claims. It opens the provider's own userinfo endpoint; no tool reads it. */
export function partnerAccessToken(
  provider: PartnerProvider,
  person: PartnerPerson,
  { clientId, scopes, authTime }: PartnerSignIn,
  now: Date,
): JWTPayload {
  return {
    ver: 1,
    jti: `AT.${randomBytes(32).toString("base64url")}`,
    iss: provider.issuer,
    aud: new URL(provider.issuer).origin,
    sub: person.mail,
    ...validity(now),
    cid: clientId,
    uid: personId(provider, person.key),
    scp: [...scopes],
    auth_time: seconds(authTime),
  };
}

/** What the userinfo endpoint says, by the token's scopes. */
export function partnerUserinfo(provider: PartnerProvider, person: PartnerPerson, scopes: readonly string[]): object {
  const [givenName = person.displayName, ...rest] = person.displayName.split(" ");
  return {
    sub: personId(provider, person.key),
    ...(scopes.includes("profile")
      ? {
          name: person.displayName,
          given_name: givenName,
          family_name: rest.join(" "),
          preferred_username: person.mail,
        }
      : {}),
    ...(scopes.includes("email") ? { email: person.mail, email_verified: true } : {}),
    ...groupsOf(provider, person, scopes),
  };
}

function groupsOf({ groupsClaim }: PartnerProvider, { groups }: PartnerPerson, scopes: readonly string[]): JWTPayload {
  return scopes.includes("groups") && groups.length > 0 ? { [groupsClaim]: [...groups] } : {};
}

function validity(now: Date): { iat: number; exp: number } {
  return { iat: seconds(now), exp: seconds(now) + TOKEN_SECONDS };
}

function seconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000);
}
