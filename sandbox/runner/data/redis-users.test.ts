import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { startingUsers, userRules } from "./redis-users.ts";

const hash = (text: string) => `#${createHash("sha256").update(text).digest("hex")}`;
const rules = (...wanted: Parameters<typeof userRules>[0]) => Object.fromEntries(userRules(wanted));

describe("Redis' users", () => {
  it("keep named ones to their keys, without what runs a server", () => {
    const found = rules(
      { name: "reports-proxy", keys: "__Host-reports-proxy-", password: "p1" },
      { name: "queue", password: "p2" },
    );
    const end = ["resetchannels", "nocommands", "+@all", "-@admin", "-@dangerous"];
    expect(found).toEqual({
      "reports-proxy": ["on", "resetpass", hash("p1"), "resetkeys", "~__Host-reports-proxy-*", ...end],
      queue: ["on", "resetpass", hash("p2"), "resetkeys", "~queue*", ...end],
    });
  });

  it("give the default user all keys, and one password for each tool that uses it", () => {
    expect(rules({ password: "p1" }, { password: "p2" }, { password: "p1" })).toEqual({
      default: [
        "on",
        "resetpass",
        hash("p1"),
        hash("p2"),
        "allkeys",
        "allchannels",
        "nocommands",
        "+@all",
        "-@admin",
        "+client",
      ],
    });
  });

  it("begin with nobody but the operator, who makes users and reads nothing", () => {
    expect(startingUsers("own")).toBe(
      `user default off\nuser entrada-operator on ${hash("own")} -@all +acl|setuser +ping\n`,
    );
  });
});
