import type { Claims, Signature } from "../forgery.ts";
import type { Attack, Attempt, Stage } from "./attack.ts";

const OTHER_TENANT = "99999999-9999-4999-8999-999999999999";
const OTHER_APPLICATION = "88888888-8888-4888-8888-888888888888";

/** An application's token as Entra gives it to one that may trigger DAGs, but for what the attack changes. */
async function knock(
  { target, attacker, tenantId, clientId, trigger, visitor }: Stage,
  change: (claims: Claims) => Claims,
  signature: Exclude<Signature, "kept"> = "entra",
): Promise<Attempt> {
  if (trigger === undefined) throw new Error(`${target.id} has no application that may trigger anything.`);
  const now = Math.floor(Date.now() / 1000);
  const object = "55555555-5555-4555-8555-555555555555";
  const claims: Claims = {
    iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
    aud: clientId,
    tid: tenantId,
    oid: object,
    sub: object,
    azp: trigger.clientId,
    roles: [trigger.appRole],
    iat: now,
    nbf: now,
    exp: now + 600,
  };
  const token = await attacker.forger.make(change(claims), signature);
  const answer = await visitor().send(`https://${target.host}/auth/token`, {
    json: {},
    headers: { authorization: `Bearer ${token}` },
  });
  return { got: answer.status === 201, how: `${answer.status}` };
}

function attack(name: string, change: (claims: Claims) => Claims, signature?: Exclude<Signature, "kept">): Attack {
  return { name, targets: ["airflow"], run: (stage) => knock(stage, change, signature) };
}

const same = (claims: Claims): Claims => claims;

/** The same with nothing wrong. */
export const APPLICATION_CONTROL: Attack = attack("nothing wrong with the application's token", same);

/** Tokens at `POST /auth/token`, where Airflow takes those of applications that may trigger DAGs. */
export const APPLICATIONS: readonly Attack[] = [
  attack("application's token signed with a foreign key", same, "foreign"),
  attack("application's token without a signature (alg none)", same, "none"),
  attack("application's token of another tenant", (claims) => ({
    ...claims,
    iss: `https://login.microsoftonline.com/${OTHER_TENANT}/v2.0`,
    tid: OTHER_TENANT,
  })),
  attack("application's token for another API", (claims) => ({ ...claims, aud: OTHER_APPLICATION })),
  attack("token of an application that may not trigger", (claims) => ({ ...claims, azp: OTHER_APPLICATION })),
  attack("application's token without the role", (claims) => ({ ...claims, roles: ["Admin"] })),
  attack("person's token in an application's place", (claims) => ({ ...claims, scp: "access", sub: "a-person" })),
];
