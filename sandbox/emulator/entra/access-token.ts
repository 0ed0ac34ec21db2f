import { randomInt } from "node:crypto";
import type { JWTPayload } from "jose";
import { METHODS } from "../../../model/conditional-access/methods.ts";
import type { Directory, OptionalClaim, ServicePrincipal, User } from "../directory.ts";
import { assignedRoleValues } from "../membership.ts";
import {
  emailClaim,
  guestClaims,
  opaqueClaims,
  optionalClaimValues,
  pairwiseSubject,
  type SignInFacts,
  validity,
  withoutUndefined,
} from "./claims.ts";
import { groupClaims } from "./group-claims.ts";
import { signInName } from "./person.ts";
import type { Resource } from "./resources.ts";
import { issuerV1, issuerV2 } from "./tenant.ts";

/** How the client proved itself, as `azpacr`/`appidacr` say it. */
export type ClientProof = "public" | "secret" | "assertion";

export interface TokenClient {
  readonly clientId: string;
  readonly displayName: string;
  readonly proof: ClientProof;
}

export interface AccessToken {
  readonly claims: JWTPayload;
  /** Lifetime in seconds: a random one between 60 and 90 minutes, so that clients do not all come back at once. */
  readonly expiresIn: number;
}

const PROOF: Readonly<Record<ClientProof, string>> = { public: "0", secret: "1", assertion: "2" };

/** An access token for a person's delegated permissions; its shape is the resource's choice, not the client's. */
export function delegatedToken(
  data: Directory,
  client: TokenClient,
  resource: Resource,
  facts: SignInFacts,
  permissions: readonly string[],
  now: Date,
): AccessToken {
  const { user } = facts;
  const optional = resource.application?.optionalClaims?.accessToken ?? [];
  const roles = assignedRoleValues(data, user.id, resource.servicePrincipal);
  const groups =
    resource.application === undefined
      ? {}
      : groupClaims(data, resource.application, resource.servicePrincipal, user.id, optional, false);
  return token(data, client, resource, now, {
    ...personClaims(resource, user, facts),
    ...guestClaims(data, user),
    email: emailClaim(user, resource.application === undefined ? [] : facts.oidc, optional),
    oid: user.id,
    roles: roles.length > 0 ? roles : undefined,
    ...groups,
    ...optionalClaimValues(user, { ...facts, oidc: ["profile"] }, optional),
    scp: permissions.join(" "),
    sub: pairwiseSubject(data, resource.servicePrincipal.appId, user.id),
    idtyp: idType(resource, optional, "user"),
  });
}

/** An access token for the client itself, with the application roles that its service principal holds. */
export function applicationToken(
  data: Directory,
  client: TokenClient,
  servicePrincipal: ServicePrincipal,
  resource: Resource,
  now: Date,
): AccessToken {
  const roles = assignedRoleValues(data, servicePrincipal.id, resource.servicePrincipal);
  const optional = resource.application?.optionalClaims?.accessToken ?? [];
  return token(data, client, resource, now, {
    oid: servicePrincipal.id,
    roles: roles.length > 0 ? roles : undefined,
    sub: servicePrincipal.id,
    idtyp: idType(resource, optional, "app"),
  });
}

function token(data: Directory, client: TokenClient, resource: Resource, now: Date, claims: JWTPayload): AccessToken {
  const expiresIn = randomInt(60 * 60, 90 * 60);
  const isV2 = resource.tokenVersion === 2;
  const proof = PROOF[client.proof];
  return {
    expiresIn,
    claims: withoutUndefined({
      aud: isV2 ? resource.servicePrincipal.appId : resource.requestedAs,
      iss: isV2 ? issuerV2(data) : issuerV1(data),
      ...validity(now, expiresIn),
      ...(isV2
        ? { azp: client.clientId, azpacr: proof }
        : { acr: "1", appid: client.clientId, appidacr: proof, app_displayname: client.displayName }),
      ...claims,
      tid: data.tenantId,
      ...opaqueClaims(),
      ver: isV2 ? "2.0" : "1.0",
    }),
  };
}

function personClaims(
  resource: Resource,
  user: User,
  { conditions, secondFactor }: Pick<SignInFacts, "conditions" | "secondFactor">,
): JWTPayload {
  const name = signInName(user);
  if (resource.tokenVersion === 2) return { name: user.displayName, preferred_username: name };
  return {
    amr:
      secondFactor === undefined
        ? ["pwd"]
        : [METHODS[secondFactor.method].startsWith("password,") ? "pwd" : "rsa", "mfa"],
    ipaddr: conditions?.ipAddress,
    family_name: user.surname,
    given_name: user.givenName,
    name: user.displayName,
    unique_name: name,
    upn: name,
  };
}

/**
 * Microsoft's own resources always say whether a person or an application holds the token. Others must ask for `idtyp`, and
 * for people's tokens with `include_user_token` (https://learn.microsoft.com/entra/identity-platform/optional-claims-reference).
 */
function idType(resource: Resource, optional: readonly OptionalClaim[], type: "user" | "app"): string | undefined {
  if (resource.application === undefined) return type;
  const asked = optional.find(({ name }) => name === "idtyp");
  if (asked === undefined) return undefined;
  return type === "app" || asked.additionalProperties.includes("include_user_token") ? type : undefined;
}
