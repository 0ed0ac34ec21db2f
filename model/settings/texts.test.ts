import { describe, expect, it } from "vitest";
import { sampleContract } from "../testing/sample.ts";
import { descriptionOf, schemaAt } from "./described.ts";
import { settingsSchema } from "./schema.ts";
import { keysAt } from "./structure.ts";

const schema = settingsSchema([sampleContract()]);
/** Places whose keys people choose, with a key for each. */
const CHOSEN: Readonly<Record<string, string>> = {
  teams: "analysts",
  people: "ana.lima",
  "conditionalAccess.offices": "lisbon",
  "conditionalAccess.strengths": "keys-only",
  "conditionalAccess.policies": "finance-from-office",
};

/** Every path of a key that the schema names. */
function paths(path: string[] = []): string[][] {
  return keysAt(schema, path).flatMap((key) => {
    const here = [...path, key];
    const chosen = CHOSEN[here.join(".")];
    const inside = chosen === undefined ? here : [...here, chosen];
    return [here, ...paths(inside)];
  });
}

describe("the texts of the settings", () => {
  const all = paths();

  it("are looked for at every key", () => {
    expect(all.length).toBeGreaterThan(45);
    expect(all).toContainEqual(["teams", "analysts", "owners"]);
    expect(all).toContainEqual(["cluster", "gateway", "sectionName"]);
    expect(all).toContainEqual(["tools", "charts", "access"]);
    expect(all).toContainEqual(["conditionalAccess", "policies", "finance-from-office", "who", "except", "teams"]);
  });

  it.each(all.map((path) => [path.join("."), path] as const))("%s has a description and what is allowed", (_, path) => {
    const { description, allowed } = descriptionOf(schemaAt(schema, path));
    expect(description).toMatch(/^["A-Z`].*[.)]$/);
    expect(allowed).toMatch(/^\S.*[^.]$/);
  });

  // A whole tool's example shows a part of it; what is missing there has examples of its own.
  const values = all.filter((path) => path.join(".") !== "tools.charts");
  it.each(values.map((path) => [path.join("."), path] as const))("%s accepts its own example", (_, path) => {
    const place = schemaAt(schema, path);
    expect(place?.safeParse(descriptionOf(place).example).error?.issues).toBeUndefined();
  });
});
