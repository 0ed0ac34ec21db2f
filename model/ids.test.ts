import { describe, expect, it } from "vitest";
import { roleId, stableId } from "./ids.ts";

const GUID_V5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("stable ids", () => {
  it("are UUIDs of version 5, the same at every run", () => {
    expect(roleId("superset", "Admin")).toMatch(GUID_V5);
    // Written down, so that a change of the computation cannot pass unnoticed: it would end every assignment.
    expect(roleId("superset", "Admin")).toBe("49724ae0-fe54-5a2a-8e73-1edc7d379a4f");
    expect(stableId("role-assignment", "kv-prod")).toBe("32003725-c421-5bf7-b7ab-dbd96de06dd4");
  });

  it("differ by tool, by role and by where the parts end", () => {
    const ids = [roleId("superset", "Admin"), roleId("superset", "Alpha"), roleId("airflow", "Admin")];
    expect(new Set([...ids, stableId("a", "bc"), stableId("ab", "c"), stableId("abc")]).size).toBe(6);
  });
});
