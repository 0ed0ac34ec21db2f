import { createHash } from "node:crypto";
import { PartnerError } from "./errors.ts";

/** A person of a partner's directory. */
export interface PartnerPerson {
  /** Key under `partners.<partner>.people`. */
  readonly key: string;
  readonly displayName: string;
  /** Mail address, also the name that the person signs in with. */
  readonly mail: string;
  readonly groups: readonly string[];
  readonly enabled: boolean;
}

/** A client that the partner's administrator made for one tool. */
export interface PartnerClient {
  /** The tool's id; its secret is found under it. */
  readonly tool: string;
  readonly clientId: string;
  /** Sign-in redirect URIs, compared character by character. */
  readonly redirectUris: readonly string[];
}

/** A partner's provider as the settings have it. */
export interface PartnerProvider {
  /** Key under `partners`. */
  readonly key: string;
  readonly displayName: string;
  /** https URL without a slash at the end: a whole organisation, or one of its authorization servers (`/oauth2/<id>`). */
  readonly issuer: string;
  /** Name of the claim that the partner's administrator set up for groups. */
  readonly groupsClaim: string;
  readonly people: readonly PartnerPerson[];
  readonly clients: readonly PartnerClient[];
}

/** Addresses of a provider's endpoints. */
export interface PartnerEndpoints {
  readonly authorize: string;
  readonly token: string;
  readonly keys: string;
  readonly userinfo: string;
  readonly logout: string;
}

/**
 * Where Okta serves an issuer's endpoints: below `/oauth2/v1` for the organisation's own authorization server, below the
 * issuer for a custom one (https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/).
 */
export function endpointsOf(issuer: string): PartnerEndpoints {
  const { origin, pathname } = new URL(issuer);
  const base = `${origin}${pathname === "/" ? "/oauth2" : pathname}/v1`;
  return {
    authorize: `${base}/authorize`,
    token: `${base}/token`,
    keys: `${base}/keys`,
    userinfo: `${base}/userinfo`,
    logout: `${base}/logout`,
  };
}

/** The person's id at the provider: the `sub` of ID tokens, the same for every client, in the form of Okta's user ids. */
export function personId({ issuer }: Pick<PartnerProvider, "issuer">, key: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([issuer, key]))
    .digest("base64url");
  return `00u${hash.replaceAll(/[-_]/g, "").slice(0, 17)}`;
}

/**
 * The person behind a sign-in name: the mail address or the key. Like Okta, it does not tell an unknown account from a
 * deactivated one (E0000004).
 */
export function findPartnerPerson({ people }: Pick<PartnerProvider, "people">, name: string): PartnerPerson {
  const wanted = name.trim().toLowerCase();
  const person = people.find(({ key, mail }) => [key, mail].some((known) => known.toLowerCase() === wanted));
  if (person === undefined || !person.enabled) throw new PartnerError("E0000004", "Authentication failed", 401);
  return person;
}
