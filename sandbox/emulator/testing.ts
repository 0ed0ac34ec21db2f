import type { Hono } from "hono";
import type { Caller, EmulatorContext } from "./context.ts";
import { firstPartyPrincipals } from "./first-party.ts";
import { deployerClientId, seedDirectory } from "./seed.ts";
import { emptyDirectory, memoryStore, type Store } from "./store.ts";

/** A seeded directory in memory with a fake sign-in, for tests of one host at a time. */
export const TENANT = "9d1b7c52-0f3a-4d43-9e0c-6a1f8a7c2b10";
export const SUBSCRIPTION = "5b5ee1de-0000-4000-8000-0000000000aa";
export const NOWHERE = "dddddddd-dddd-4ddd-8ddd-dddddddddddd";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly body: any;
}

export interface World {
  readonly context: EmulatorContext;
  readonly deployer: Caller;
  /** A person's object id, by key. */
  person(key: string): string;
  /** Makes a caller known; it is then named in `Authorization: Bearer <name>`. */
  callers: Record<string, Caller>;
  wait(milliseconds: number): void;
}

export function seededWorld(
  store: Store = memoryStore(emptyDirectory(TENANT, ["contoso.onmicrosoft.com", "contoso.com"])),
): World {
  const clientId = deployerClientId(TENANT);
  seedDirectory(store, {
    people: [
      { key: "ana.lima", userPrincipalName: "ana.lima@contoso.com", displayName: "Ana Lima", department: "Analytics" },
      { key: "jon.berg", userPrincipalName: "jon.berg@contoso.com", displayName: "Jon Berg", department: "Sales" },
      { key: "mia.chen", userPrincipalName: "mia.chen@contoso.com", displayName: "Mia Chen", department: "Analytics" },
      { key: "lea.ver", userPrincipalName: "lea.ver@contoso.com", displayName: "Lea Ver", enabled: false },
      {
        key: "gus",
        userPrincipalName: "gus_fabrikam.com#EXT#@contoso.onmicrosoft.com",
        displayName: "Gus Guest",
        mail: "gus@fabrikam.com",
        guest: true,
      },
    ],
    deployer: { clientId, secretHash: "00" },
    subscriptionId: SUBSCRIPTION,
  });
  const { data } = store;
  const principal = Object.values(data.servicePrincipals).find(({ appId }) => appId === clientId);
  if (principal === undefined) throw new Error("The seed made no deployer.");
  const granted = new Set(
    Object.values(data.appRoleAssignments)
      .filter(({ principalId }) => principalId === principal.id)
      .map(({ appRoleId }) => appRoleId),
  );
  const permissions = firstPartyPrincipals((id) => id).flatMap(({ firstParty }) => firstParty?.appRoles ?? []);
  const roles = permissions.filter(({ id }) => granted.has(id)).flatMap(({ value }) => value ?? []);
  const deployer: Caller = { objectId: principal.id, clientId, roles, scopes: [] };
  const callers: Record<string, Caller> = { deployer };
  let now = Date.parse("2026-03-02T09:00:00Z");
  return {
    context: {
      store,
      now: () => new Date(now),
      authenticate: async (authorization) => callers[authorization?.replace("Bearer ", "") ?? ""],
      seal: (plain) => Buffer.from(plain).toString("base64"),
      open: (sealed) => Buffer.from(sealed, "base64").toString("utf8"),
      fetchPublic: async () => ({ status: 404, body: {} }),
    },
    deployer,
    callers,
    person: (key) => {
      const user = Object.values(data.users).find(({ seededAs }) => seededAs === key);
      if (user === undefined) throw new Error(`There is no person ${key}.`);
      return user.id;
    },
    wait: (milliseconds) => {
      now += milliseconds;
    },
  };
}

/** Sends a request to an app as a caller; an empty name sends no token. */
export async function send(
  app: Hono,
  method: string,
  url: string,
  body?: unknown,
  as = "deployer",
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await app.request(url, {
    method,
    headers: { ...(as !== "" && { authorization: `Bearer ${as}` }), "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}
