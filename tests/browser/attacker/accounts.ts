import { randomBytes } from "node:crypto";
import type { Target } from "./targets.ts";
import type { Answer, Visitor } from "./visitor.ts";

/** A name and a password that a tool's own database knows. */
export interface LocalAccount {
  readonly name: string;
  readonly password: string;
  /** Takes it away again. */
  remove(): Promise<void>;
}

/** Signs an administrator in to the tool. */
type Admin = () => Promise<Visitor>;

const NAME = "admin";
const PASSWORD = "admin";

/**
 * An administrator's hand gives an account with the highest role a well-known password in the tool itself, as every guide
 * begins. It has to open nothing even then. The proxy has no accounts.
 */
export async function makeLocalAccount(target: Target, admin: Admin): Promise<LocalAccount | undefined> {
  if (target.id === "superset") return supersetAccount(target, admin);
  return target.id === "airflow" ? airflowAccount(target, admin) : undefined;
}

/** Superset: a new account. */
async function supersetAccount({ host, highRole }: Target, admin: Admin): Promise<LocalAccount> {
  const api = `https://${host}/api/v1/security`;
  const visitor = await admin();
  const roles = await demanded(visitor.send(`${api}/roles/?q=${encodeURIComponent("(page_size:100)")}`), 200);
  const role = (roles.result as { id: number; name: string }[]).find(({ name }) => name === highRole);
  if (role === undefined) throw new Error(`Superset has no role ${highRole}.`);
  // One that an interrupted run left.
  const filter = encodeURIComponent(`(filters:!((col:username,opr:eq,value:${NAME})))`);
  const { ids } = await demanded(visitor.send(`${api}/users/?q=${filter}`), 200);
  for (const id of ids as number[]) await removeUser(visitor, host, id);
  const json = {
    username: NAME,
    password: PASSWORD,
    first_name: "Local",
    last_name: "Account",
    email: "admin@local.invalid",
    active: true,
    roles: [role.id],
  };
  const { id } = await demanded(visitor.send(`${api}/users/`, { json, headers: await csrf(visitor, host) }), 201);
  return {
    name: json.username,
    password: PASSWORD,
    remove: async () => removeUser(await admin(), host, id as number),
  };
}

async function removeUser(admin: Visitor, host: string, id: number): Promise<void> {
  const headers = await csrf(admin, host);
  await demanded(admin.send(`https://${host}/api/v1/security/users/${id}`, { method: "DELETE", headers }), 200);
}

/** What Superset's pages send with a change. */
async function csrf(admin: Visitor, host: string): Promise<Record<string, string>> {
  const { result } = await demanded(admin.send(`https://${host}/api/v1/security/csrf_token/`), 200);
  return { "x-csrftoken": String(result), referer: `https://${host}/` };
}

/** Airflow lets nobody make an account, but an administrator may set a password: here their own. */
async function airflowAccount(target: Target, admin: Admin): Promise<LocalAccount> {
  const name = (await target.who(await admin()))?.name ?? "";
  const url = `https://${target.host}/auth/fab/v1/users/${name}?update_mask=password`;
  const set = async (password: string) => {
    const visitor = await admin();
    const headers = { authorization: `Bearer ${visitor.cookie(target.host, "_token")}` };
    await demanded(visitor.send(url, { method: "PATCH", json: { password }, headers }), 200);
  };
  await set(PASSWORD);
  return { name, password: PASSWORD, remove: () => set(randomBytes(24).toString("base64url")) };
}

async function demanded(asked: Promise<Answer>, ...statuses: number[]): Promise<Record<string, unknown>> {
  const { url, status, text } = await asked;
  if (!statuses.includes(status)) throw new Error(`${url.split("?")[0]} answers ${status}: ${text.slice(0, 300)}`);
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}
