import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { emptyDirectory, fileStore } from "./store.ts";
import { TENANT } from "./testing.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "entrada-store-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const initial = () => emptyDirectory(TENANT, ["contoso.onmicrosoft.com"]);

it("keeps every change for the next start", () => {
  const file = join(folder, "directory.json");
  fileStore(file, initial).mutate((data) => data.domains.push("contoso.com"));
  expect(fileStore(file, initial).data).toEqual({
    ...initial(),
    domains: ["contoso.onmicrosoft.com", "contoso.com"],
  });
});

it("loads a directory that was written before there was Conditional Access", () => {
  const file = join(folder, "directory.json");
  const { conditionalAccessPolicies, namedLocations, authenticationStrengths, ...older } = initial();
  writeFileSync(file, JSON.stringify({ ...older, domains: ["older.onmicrosoft.com"] }));
  expect(fileStore(file, initial).data).toEqual({ ...initial(), domains: ["older.onmicrosoft.com"] });
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ conditionalAccessPolicies: {} });
});
