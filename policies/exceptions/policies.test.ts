import type { PolicyResource } from "@pulumi/policy";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { clock } from "../core/clock.ts";
import { unknownText } from "../core/values.ts";
import { account, blobProperties } from "../examples/data.ts";
import { redisClosed } from "../redis/redis-closed.ts";
import { storageRecoverable } from "../storage/storage-recoverable.ts";
import { messages, type Sample, stackMessages, urnOf } from "../testing/harness.ts";
import type { Exception } from "./exception.ts";
import { ledger } from "./ledger.ts";
import { exceptionPolicies } from "./policies.ts";

const cache: Sample = {
  type: "azure-native:redisenterprise:Database",
  name: "cache",
  props: { accessKeysAuthentication: "Enabled" },
};
const exception: Exception = {
  rule: "redis-closed",
  resource: urnOf(cache),
  owner: "ana.lima@contoso.com",
  reason: "Celery's broker knows keys only.",
  expires: "2027-03-31",
};

beforeEach(() => {
  vi.spyOn(clock, "now").mockReturnValue(new Date("2026-11-28T12:00:00Z"));
});
afterEach(() => {
  vi.restoreAllMocks();
  ledger.open([]);
});

/** What the two policies say at the end of a run with these resources: advice, and what fails. */
function atTheEnd(...samples: Sample[]): readonly (readonly string[])[] {
  const resources = samples.map((sample) => ({ urn: urnOf(sample) }) as PolicyResource);
  return exceptionPolicies.map(({ validateStack }) => {
    const said: string[] = [];
    const args = {
      resources,
      stackTags: new Map(),
      getConfig: () => ({}) as never,
      notApplicable: () => undefined as never,
    };
    void validateStack(args, (message) => said.push(String(message)));
    return said;
  });
}

it("lets pass what it covers, and says so", () => {
  ledger.open([exception]);
  expect(messages(redisClosed, cache)).toEqual([]);
  const [advice, failures] = atTheEnd(cache);
  expect(advice).toEqual([
    expect.stringMatching(
      /^redis-closed is excepted until 2027-03-31 by ana\.lima@contoso\.com, because: Celery.* It lets pass: Database "cache": accessKeysAuthentication/,
    ),
  ]);
  expect(failures).toEqual([]);
});

it("covers neither another resource nor another rule", () => {
  ledger.open([exception, { ...exception, rule: "pg-private" }]);
  expect(messages(redisClosed, { ...cache, name: "other" })).toHaveLength(1);
  ledger.open([{ ...exception, rule: "pg-private" }]);
  expect(messages(redisClosed, cache)).toHaveLength(1);
});

it("covers a resource of a whole-stack rule", () => {
  const store = account();
  ledger.open([{ ...exception, rule: "storage-recoverable", resource: urnOf(store) }]);
  expect(stackMessages(storageRecoverable, [store], { minDays: 7 })).toEqual([]);
  expect(atTheEnd(store)[0]).toHaveLength(1);
  ledger.open([{ ...exception, rule: "storage-recoverable", resource: urnOf(store) }]);
  expect(stackMessages(storageRecoverable, [store, blobProperties()], { minDays: 7 })).toEqual([]);
  expect(atTheEnd(store)[1]).toEqual([expect.stringContaining("is not used")]);
});

it("covers nothing once it has expired, and fails", () => {
  ledger.open([{ ...exception, expires: "2026-11-27" }]);
  expect(messages(redisClosed, cache)).toHaveLength(1);
  expect(atTheEnd(cache)).toEqual([[], [expect.stringContaining("expired on 2026-11-27")]]);
});

it("fails where the resource meets the rule, or is gone", () => {
  ledger.open([exception]);
  expect(messages(redisClosed, { ...cache, props: { accessKeysAuthentication: "Disabled" } })).toEqual([]);
  expect(atTheEnd(cache)[1]).toEqual([expect.stringContaining("is not used: the resource meets the rule")]);
  expect(atTheEnd({ ...cache, name: "other" })[1]).toEqual([expect.stringContaining("does not have")]);
});

it("claims nothing of what a preview does not know, or a rule has not looked at", () => {
  ledger.open([exception]);
  expect(atTheEnd(cache)).toEqual([[], []]);
  expect(messages(redisClosed, { ...cache, props: { accessKeysAuthentication: unknownText } })).toEqual([]);
  expect(atTheEnd(cache)).toEqual([[], []]);
});

it("leaves other stacks' exceptions to them", () => {
  ledger.open([{ ...exception, resource: exception.resource.replace(":test::", ":prod::"), expires: "2020-01-01" }]);
  expect(atTheEnd(cache)).toEqual([[], []]);
});

it("fails with every problem of the file", () => {
  ledger.open([], ["exceptions[0].rule is …", "exceptions[1].owner is …"]);
  expect(atTheEnd(cache)[1]).toEqual([
    "policies/exceptions.yaml: exceptions[0].rule is …",
    "policies/exceptions.yaml: exceptions[1].owner is …",
  ]);
});
