import { expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages } from "../testing/harness.ts";
import { kvGuarded } from "./kv-guarded.ts";

const good = { enableRbacAuthorization: true, enablePurgeProtection: true };
const run = (properties: unknown, config?: object) =>
  messages(kvGuarded, { type: "azure-native:keyvault/v20241101:Vault", name: "vault", props: { properties } }, config);

it("accepts a guarded vault; absent soft delete and retention are Azure's 90 days", () => {
  expect(run(good)).toEqual([]);
  expect(run({ ...good, enableSoftDelete: true, softDeleteRetentionInDays: 90, accessPolicies: [] })).toEqual([]);
});

it("waits for what is not known, and checks the rest", () => {
  expect(run(unknownText)).toEqual([]);
  expect(run({ ...good, softDeleteRetentionInDays: unknownText, enableRbacAuthorization: unknownText })).toEqual([]);
  expect(run({ enableRbacAuthorization: unknownText })).toEqual([expect.stringContaining("enablePurgeProtection")]);
});

it.each([
  ["a vault without settings", {}, ["enableRbacAuthorization is not set", "enablePurgeProtection is not set"]],
  ["access policies", { ...good, accessPolicies: [unknownText] }, ["accessPolicies is not empty"]],
  ["soft delete off", { ...good, enableSoftDelete: false }, ["enableSoftDelete is false"]],
  ["purge protection off", { ...good, enablePurgeProtection: false }, ["enablePurgeProtection is false"]],
  ["a week of retention", { ...good, softDeleteRetentionInDays: 7 }, ["softDeleteRetentionInDays is 7"]],
])("refuses %s", (_, properties, wanted) => {
  expect(run(properties)).toEqual(wanted.map((one) => expect.stringContaining(one)));
});

it("takes the retention from the configuration", () => {
  expect(run({ ...good, softDeleteRetentionInDays: 7 }, { minRetentionDays: 7 })).toEqual([]);
});
