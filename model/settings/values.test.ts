import { describe, expect, it } from "vitest";
import { settingsFromConfig } from "./config.ts";
import { parseImage } from "./image.ts";
import { duration, durationSeconds, scaling } from "./tool.ts";

describe("settingsFromConfig", () => {
  it("reads our keys, objects and lists from JSON, and leaves other namespaces out", () => {
    expect(
      settingsFromConfig({
        "entrada:domain": "data.contoso.com",
        "entrada:teams": '{"a":{"owners":["ana"]}}',
        "entrada:unknown": " [1]",
        "azure-native:location": "westeurope",
        "pulumi:disable-default-providers": '["*"]',
      }),
    ).toEqual({ domain: "data.contoso.com", teams: { a: { owners: ["ana"] } }, unknown: [1] });
  });

  it("keeps text that only begins like JSON", () => {
    expect(settingsFromConfig({ "entrada:teams": "{ not json" })).toEqual({ teams: "{ not json" });
  });
});

describe("parseImage", () => {
  const digest = `sha256:${"5f0a3c9e".repeat(8)}`;

  it("takes a pinned image apart", () => {
    expect(parseImage(`contoso.azurecr.io/data/superset:6.1.0-2@${digest}`)).toEqual({
      registry: "contoso.azurecr.io",
      name: "data/superset",
      tag: "6.1.0-2",
      digest,
    });
    expect(parseImage("localhost:5000/superset:v6.1.0")).toEqual({
      registry: "localhost:5000",
      name: "superset",
      tag: "v6.1.0",
    });
  });

  it.each([
    "superset",
    "superset:6.1.0",
    "contoso.azurecr.io/superset",
    "contoso.azurecr.io/superset:latest",
    "a.io/b:6",
    "a.io/b:6.1",
    `a.io/b@${digest}`,
    "a.io/b:6.1.0@sha256:12",
  ])("refuses %s", (text) => {
    expect(parseImage(text)).toBeUndefined();
  });
});

describe("scaling", () => {
  const schema = scaling("Pods.", { min: 2, max: 4 });

  it("takes a number, a range or nothing", () => {
    expect(schema.parse(3)).toEqual({ min: 3, max: 3 });
    expect(schema.parse({ min: 1, max: 9 })).toEqual({ min: 1, max: 9 });
    expect(schema.parse(undefined)).toEqual({ min: 2, max: 4 });
  });

  it.each([0, 51, 1.5, "3", { min: 4, max: 2 }, { min: 1 }])("refuses %j", (value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});

describe("duration", () => {
  const schema = duration("Time.", "8h", { minMinutes: 15, maxMinutes: 1440, allowed: "from 15m to 24h" });

  it.each(["15m", "90m", "24h"])("takes %s", (text) => {
    expect(schema.parse(text)).toBe(text);
  });

  it.each(["14m", "25h", "8", "8d", "", "-8h"])("refuses %j", (text) => {
    expect(schema.safeParse(text).success).toBe(false);
  });

  it("counts in seconds", () => {
    expect(durationSeconds("15m")).toBe(900);
    expect(durationSeconds("8h")).toBe(28_800);
  });
});
