import { describe, expect, it } from "vitest";
import { checkRequests, type StoreRequest } from "./request.ts";

const host = "contoso.postgres.database.azure.com";
const at = { host, port: 5432, tls: true };
const charts = { name: "charts", user: "charts", secretName: "charts-database-password" };
const postgres = (...databases: { name: string; user: string; secretName: string }[]): StoreRequest => ({
  postgres: [{ ...at, databases }],
  redis: [],
});
const redis = (changes: object, ...users: { name?: string; secretName: string }[]): StoreRequest => ({
  postgres: [],
  redis: [{ ...at, port: 6380, users, ...changes }],
});

describe("requests for servers", () => {
  it("may come again, and with more", () => {
    const requests = [
      postgres(charts),
      postgres(charts, { ...charts, name: "charts2" }),
      redis({}, { secretName: "a" }, { secretName: "b" }),
    ];
    expect(() => checkRequests([...requests, redis({}, { name: "p", secretName: "c" })])).not.toThrow();
  });

  it.each<[string, StoreRequest, StoreRequest, string]>([
    [
      "a user with two passwords",
      postgres(charts),
      postgres({ ...charts, name: "flows", secretName: "flows-database-password" }),
      `User charts of ${host}:5432 would have the password charts-database-password and the password flows-database-password. Give each tool a user of its own.`,
    ],
    [
      "a database with two owners",
      postgres(charts),
      postgres({ ...charts, user: "flows" }),
      `Database charts of ${host}:5432 would have the owner charts and the owner flows. Give each tool a database of its own.`,
    ],
    [
      "two servers behind one address",
      postgres(charts),
      redis({ port: 5432 }, { secretName: "a" }),
      `The server at ${host}:5432 would have PostgreSQL and Redis. Give one of them another host or port in the settings.`,
    ],
    [
      "TLS and none at one address",
      redis({}, { secretName: "a" }),
      redis({ tls: false }, { secretName: "a" }),
      `Redis at ${host}:6380 would have tls: true and tls: false. Write the same in all tools' settings.`,
    ],
    [
      "a named user of Redis with two passwords",
      redis({}, { name: "p", secretName: "a" }),
      redis({}, { name: "p", secretName: "b" }),
      `User p of ${host}:6380 would have the password a and the password b. Give each a name of its own.`,
    ],
  ])("may not ask for %s", (_, before, now, message) => {
    expect(() => checkRequests([before, now])).toThrow(message);
  });
});
