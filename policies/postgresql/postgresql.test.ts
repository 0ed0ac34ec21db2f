import { describe, expect, it } from "vitest";
import type { Rule } from "../core/rule.ts";
import { unknownText } from "../core/values.ts";
import { server } from "../examples/data.ts";
import { messages } from "../testing/harness.ts";
import { pgEntra } from "./pg-entra.ts";
import { pgPrivate } from "./pg-private.ts";
import { pgRecoverable } from "./pg-recoverable.ts";
import { pgTls } from "./pg-tls.ts";

const run = (rule: Rule, changes: Record<string, unknown> = {}, config: object = {}) =>
  messages(rule, server(changes), { ...rule.defaults, ...config });

describe("pg-entra", () => {
  it("accepts Entra alone, replicas, and what is not known yet", () => {
    expect(run(pgEntra)).toEqual([]);
    expect(run(pgEntra, { authConfig: unknownText })).toEqual([]);
    expect(run(pgEntra, { authConfig: undefined, createMode: "Replica" })).toEqual([]);
    expect(run(pgEntra, { authConfig: undefined, createMode: unknownText })).toEqual([]);
  });

  it.each([
    ["nothing said", undefined, ["activeDirectoryAuth is not set", "passwordAuth is not set"]],
    ["passwords beside Entra", { activeDirectoryAuth: "Enabled", passwordAuth: "Enabled" }, ["passwordAuth is"]],
    ["a late neighbour", { activeDirectoryAuth: unknownText }, ["passwordAuth is not set"]],
  ])("refuses %s", (_, authConfig, wanted) => {
    expect(run(pgEntra, { authConfig, createMode: "Default" })).toEqual(
      wanted.map((one) => expect.stringContaining(one)),
    );
  });

  it("takes passwords beside Entra where the tools need them, and not instead of it", () => {
    const both = { activeDirectoryAuth: "Enabled", passwordAuth: "Enabled" };
    expect(run(pgEntra, { authConfig: both }, { allowPasswords: true })).toEqual([]);
    const one = { activeDirectoryAuth: "Disabled", passwordAuth: "Enabled" };
    expect(run(pgEntra, { authConfig: one }, { allowPasswords: true })).toHaveLength(1);
  });
});

describe("pg-private", () => {
  it("accepts a closed server, one inside a subnet, and what is not known yet", () => {
    expect(run(pgPrivate)).toEqual([]);
    expect(run(pgPrivate, { network: { delegatedSubnetResourceId: unknownText } })).toEqual([]);
    expect(run(pgPrivate, { network: unknownText })).toEqual([]);
  });

  it.each([
    ["a server of which nothing is said", undefined, "not set (a public address)"],
    ["an open server", { publicNetworkAccess: "Enabled" }, '"Enabled"'],
  ])("refuses %s", (_, network, wanted) => {
    expect(run(pgPrivate, { network })).toEqual([expect.stringContaining(wanted)]);
  });

  const firewall = (startIpAddress: string, endIpAddress: string) =>
    messages(pgPrivate, {
      type: "azure-native:dbforpostgresql:FirewallRule",
      props: { startIpAddress, endIpAddress },
    });

  it("accepts a few addresses, and those that are not known yet", () => {
    expect(firewall("203.0.113.0", "203.0.113.255")).toEqual([]);
    expect(firewall(unknownText, "203.0.113.255")).toEqual([]);
  });

  it("refuses all of Azure, and all of the internet", () => {
    expect(firewall("0.0.0.0", "0.0.0.0")).toEqual([expect.stringContaining("everybody who has a machine in Azure")]);
    expect(firewall("0.0.0.0", "255.255.255.255")).toEqual([
      expect.stringContaining("the last of 4294967296 addresses"),
    ]);
  });
});

describe("pg-tls", () => {
  const set = (configurationName: unknown, value: unknown, name = "parameter") =>
    messages(pgTls, {
      type: "azure-native:dbforpostgresql:Configuration",
      name,
      props: { configurationName, value },
    });

  it.each([
    ["require_secure_transport", "ON"],
    ["ssl_min_protocol_version", "TLSv1.3"],
    ["ssl_min_protocol_version", unknownText],
    [unknownText, "off"],
    ["log_checkpoints", "off"],
  ])("accepts %s = %s", (name, value) => {
    expect(set(name, value)).toEqual([]);
  });

  it("refuses to let connections in without TLS, or with an old one", () => {
    expect(set("require_secure_transport", "off")).toEqual([expect.stringContaining('value is "off"')]);
    expect(set("ssl_min_protocol_version", "TLSv1.1")).toEqual([expect.stringContaining('"TLSv1.1"')]);
    expect(set(undefined, "off", "require_secure_transport")).toHaveLength(1);
  });
});

describe("pg-recoverable", () => {
  const prod = { requireZoneRedundancy: true };

  it("accepts long backups, and what is not known yet", () => {
    expect(run(pgRecoverable, {}, prod)).toEqual([]);
    expect(run(pgRecoverable, { backup: unknownText, highAvailability: unknownText }, prod)).toEqual([]);
    expect(run(pgRecoverable, { highAvailability: undefined })).toEqual([]);
  });

  it("refuses Azure's week where more is wanted", () => {
    expect(run(pgRecoverable, { backup: undefined })).toEqual([expect.stringContaining("backupRetentionDays is 7")]);
    expect(run(pgRecoverable, { backup: undefined }, { minBackupDays: 7 })).toEqual([]);
  });

  it("refuses one server where two are wanted", () => {
    expect(run(pgRecoverable, { highAvailability: { mode: "SameZone" } }, prod)).toEqual([
      expect.stringContaining('mode is "SameZone"'),
    ]);
    expect(run(pgRecoverable, { highAvailability: undefined }, prod)).toHaveLength(1);
  });
});
