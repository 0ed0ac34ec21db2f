import type { Claims, Signature } from "../forgery.ts";
import type { TokenChange } from "../tampering.ts";
import { ALL, type Attack, FAB, grand, type Stage, signIn, wantedRole } from "./attack.ts";

const OTHER_TENANT = "99999999-9999-4999-8999-999999999999";
const OTHER_APPLICATION = "88888888-8888-4888-8888-888888888888";

/** A sign-in whose ID token is exchanged for one that makes the attacker an administrator. */
function forged(name: string, targets: Attack["targets"], token: (stage: Stage) => TokenChange): Attack {
  return {
    name,
    targets,
    run: async (stage) => wantedRole(stage, await signIn(stage, { idToken: token(stage) }, ["idToken"])),
  };
}

const signedBy = (signature: Signature) => (stage: Stage) => ({ claims: grand(stage), signature });
const saying = (change: (claims: Claims, stage: Stage) => Claims) => (stage: Stage) => ({
  claims: (claims: Claims) => change(grand(stage)(claims), stage),
});

/** The same exchange with nothing wrong: what Entra signed for this tool is believed. Otherwise no attack shows anything. */
export const CONTROL: Attack = {
  name: "nothing wrong with the token",
  targets: ALL,
  run: async (stage) =>
    wantedRole(stage, await signIn(stage, { idToken: signedBy("entra")(stage) }, ["idToken"], stage.other)),
};

/** ID tokens that Entra did not make for this sign-in. */
export const TOKENS: readonly Attack[] = [
  forged("token signed with a foreign key", ALL, signedBy("foreign")),
  forged("token signed with a key of its own header", ALL, signedBy("embedded")),
  forged("token with edited roles and the old signature", ALL, signedBy("kept")),
  forged("token without a signature (alg none)", ALL, signedBy("none")),
  forged("token signed with Entra's public key (HS256)", ALL, signedBy("hmac")),
  forged(
    "token of another tenant",
    ALL,
    saying((claims) => ({
      ...claims,
      iss: `https://login.microsoftonline.com/${OTHER_TENANT}/v2.0`,
      tid: OTHER_TENANT,
    })),
  ),
  forged(
    "token for another application",
    ALL,
    saying((claims, { clientId }) => ({ ...claims, aud: OTHER_APPLICATION, azp: clientId })),
  ),
  forged(
    "token of another sign-in (nonce)",
    FAB,
    saying((claims) => ({ ...claims, nonce: "of-another-sign-in" })),
  ),
  forged(
    "token that has expired",
    ALL,
    saying((claims) => {
      const then = Math.floor(Date.now() / 1000) - 7200;
      return { ...claims, iat: then, nbf: then, exp: then + 3600 };
    }),
  ),
];

export { OTHER_APPLICATION };

/** Roles where none are read. */
export const ROLES: readonly Attack[] = [
  {
    name: "role in the group claim",
    targets: ALL,
    run: async (stage) => {
      const claims = ({ roles: _, ...rest }: Claims) => ({ ...rest, groups: [stage.target.highRole] });
      return wantedRole(stage, await signIn(stage, { idToken: { claims } }, ["idToken"]));
    },
  },
  {
    name: "role in the access token, userinfo and the token answer",
    targets: ALL,
    run: async (stage) => {
      const without = ({ roles: _, groups: __, ...rest }: Claims) => rest;
      const high = grand(stage);
      const elsewhere = {
        idToken: { claims: without },
        accessToken: { claims: high },
        userinfo: high,
        tokenAnswer: (answer: Record<string, unknown>) => Object.assign(answer, high({}), { userinfo: high({}) }),
      };
      return wantedRole(stage, await signIn(stage, elsewhere, ["idToken", "accessToken", "tokenAnswer"]));
    },
  },
  {
    name: "role asked for in the authorize request",
    targets: ALL,
    run: async (stage) => {
      const { highRole } = stage.target;
      const authorize = (query: URLSearchParams) => {
        query.set("claims", JSON.stringify({ id_token: { roles: { essential: true, values: [highRole] } } }));
        query.set("roles", highRole);
      };
      return wantedRole(stage, await signIn(stage, { authorize }, ["authorize"]));
    },
  },
  {
    name: "answer without an ID token that says who it is",
    targets: ALL,
    run: async (stage) => {
      const { tenantId, clientId } = stage;
      const person: Claims = grand(stage)({
        iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
        aud: clientId,
        tid: tenantId,
        oid: "77777777-7777-4777-8777-777777777777",
        sub: "nobody",
        email: "nobody@contoso.com",
        preferred_username: "nobody@contoso.com",
      });
      const tokenAnswer = (answer: Record<string, unknown>) => {
        answer.id_token = undefined;
        Object.assign(answer, person, { userinfo: person });
      };
      return wantedRole(stage, await signIn(stage, { tokenAnswer, userinfo: () => person }, ["tokenAnswer"]));
    },
  },
];
