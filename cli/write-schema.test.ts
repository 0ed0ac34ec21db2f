import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { schemaFile, schemaText } from "./write-schema.ts";

const text = readFileSync(schemaFile, "utf8");
const schema = z.fromJSONSchema(JSON.parse(text));
const prod = readFileSync(join(dirname(schemaFile), "Pulumi.prod.yaml"), "utf8");

describe("stacks/settings.schema.json", () => {
  it("is what `npm run schema` writes", () => {
    expect(text).toBe(schemaText());
  });

  it.each(readdirSync(dirname(schemaFile)).filter((name) => name.endsWith(".yaml")))("accepts %s", (name) => {
    const file: unknown = parse(readFileSync(join(dirname(schemaFile), name), "utf8"));
    expect(schema.safeParse(file).error?.issues ?? []).toEqual([]);
  });

  it("accepts the keys that Pulumi writes itself", () => {
    const file = { ...(parse(prod) as object), encryptionsalt: "v1:abc", secretsprovider: "passphrase" };
    expect(schema.safeParse(file).success).toBe(true);
  });

  it.each([
    ["a mistyped key of ours", "entrada:organization", "entrada:organisation"],
    ["a mistyped key of a team", "privileged: true", "priviledged: true"],
    ["a version that is not supported", "superset:\n", "superset:\n      version: 5.0.0\n"],
    ["a wrong type", "{ min: 3, max: 12 }", '"three"'],
  ])("refuses %s", (_, right, wrong) => {
    expect(prod).toContain(right);
    expect(schema.safeParse(parse(prod.replace(right, wrong))).success).toBe(false);
  });

  it("describes every key, with an example", () => {
    const bare: string[] = [];
    visit(JSON.parse(text).properties.config.properties, "", bare);
    expect(bare).toEqual([]);
  });
});

/** Collects the properties, at any depth, that have no description or no example. */
function visit(properties: Record<string, unknown>, path: string, bare: string[]): void {
  for (const [key, value] of Object.entries(properties)) {
    const schema = value as { description?: string; examples?: unknown[] };
    if (schema.description === undefined || schema.examples === undefined) bare.push(`${path}.${key}`);
    visitInside(schema, `${path}.${key}`, bare);
  }
}

function visitInside(schema: object, path: string, bare: string[]): void {
  const { properties, additionalProperties, items, anyOf } = schema as {
    properties?: Record<string, unknown>;
    additionalProperties?: object | boolean;
    items?: object;
    anyOf?: object[];
  };
  if (properties !== undefined) visit(properties, path, bare);
  if (typeof additionalProperties === "object") visitInside(additionalProperties, `${path}.*`, bare);
  if (items !== undefined) visitInside(items, `${path}[]`, bare);
  for (const option of anyOf ?? []) visitInside(option, path, bare);
}
