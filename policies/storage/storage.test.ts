import { describe, expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { account, blobProperties } from "../examples/data.ts";
import { messages, type Sample, stackMessages } from "../testing/harness.ts";
import { storageClosed } from "./storage-closed.ts";
import { storageRecoverable } from "./storage-recoverable.ts";

describe("storage-closed", () => {
  const run = (changes: Record<string, unknown> = {}, config: object = {}) =>
    messages(storageClosed, account(changes), config);

  it("accepts a closed account, and waits for what is not known yet", () => {
    expect(run()).toEqual([]);
    expect(run({ networkRuleSet: undefined, publicNetworkAccess: "Disabled" })).toEqual([]);
    for (const key of ["allowSharedKeyAccess", "minimumTlsVersion", "networkRuleSet"]) {
      expect(run({ [key]: unknownText })).toEqual([]);
    }
  });

  it.each([
    ["shared keys", { allowSharedKeyAccess: undefined }, "allowSharedKeyAccess is not set (keys are taken)"],
    ["anonymous readers", { allowBlobPublicAccess: true }, "allowBlobPublicAccess is true"],
    ["old TLS", { minimumTlsVersion: undefined }, "minimumTlsVersion is not set (TLS 1.0)"],
    ["http", { enableHttpsTrafficOnly: false }, "enableHttpsTrafficOnly is false"],
    ["every address", { networkRuleSet: { defaultAction: "Allow" } }, "open to every address"],
    ["every address by default", { networkRuleSet: undefined }, "open to every address"],
  ])("refuses %s", (_, changes, wanted) => {
    expect(run(changes)).toEqual([expect.stringContaining(wanted)]);
  });

  it("lets an environment open the network, and nothing else", () => {
    const open = { networkRuleSet: undefined, allowSharedKeyAccess: true };
    expect(run(open, { allowOpenNetwork: true })).toEqual([expect.stringContaining("allowSharedKeyAccess")]);
  });
});

describe("storage-recoverable", () => {
  const run = (...samples: Sample[]) => stackMessages(storageRecoverable, samples, storageRecoverable.defaults);

  it("accepts an account whose blobs come back", () => {
    expect(run(account(), blobProperties())).toEqual([]);
  });

  it("goes by where the account's name comes from while it is not known", () => {
    const late = account({ accountName: unknownText });
    const blobs: Sample = { ...blobProperties({ accountName: unknownText }), refs: { accountName: "account" } };
    expect(run(late, blobs)).toEqual([]);
    expect(run(late, blobProperties({ accountName: unknownText }))).toEqual([
      expect.stringContaining("without BlobServiceProperties"),
    ]);
  });

  it.each([
    ["no versions", { isVersioningEnabled: undefined }, "isVersioningEnabled is not set"],
    ["no soft delete", { deleteRetentionPolicy: { enabled: false } }, "deleteRetentionPolicy.enabled is false"],
    [
      "containers that are gone",
      { containerDeleteRetentionPolicy: undefined },
      "containerDeleteRetentionPolicy.enabled",
    ],
    ["a day", { deleteRetentionPolicy: { enabled: true, days: 1 } }, "deleteRetentionPolicy.days is 1"],
  ])("refuses %s", (_, changes, wanted) => {
    expect(run(account(), blobProperties(changes))).toEqual([expect.stringContaining(wanted)]);
  });

  it("waits for what is not known yet", () => {
    const days = { enabled: unknownText, days: unknownText };
    expect(run(account(), blobProperties({ isVersioningEnabled: unknownText, deleteRetentionPolicy: days }))).toEqual(
      [],
    );
  });
});
