import { describe, expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages, type Sample, stackMessages } from "../testing/harness.ts";
import { databricksClosed } from "./databricks-closed.ts";
import { databricksNoTokens } from "./databricks-no-tokens.ts";

const conf = (customConfig: unknown): Sample => ({
  type: "databricks:index/workspaceConf:WorkspaceConf",
  name: "conf",
  props: { customConfig },
});

describe("databricks-no-tokens", () => {
  const run = (sample: Sample, config?: object) => messages(databricksNoTokens, sample, config);

  it("accepts tokens that are off, or short-lived and for some", () => {
    expect(run(conf({ enableTokensConfig: "false" }))).toEqual([]);
    expect(run(conf({ enableTokensConfig: "true", maxTokenLifetimeDays: "30" }))).toEqual([]);
    for (const late of [unknownText, { enableTokensConfig: unknownText }, { maxTokenLifetimeDays: unknownText }]) {
      expect(run(conf(late))).toEqual([]);
    }
    const accessControls = [unknownText, { groupName: "Admins", permissionLevel: "CAN_USE" }];
    const type = "databricks:index/permissions:Permissions";
    expect(run({ type, props: { authorization: "tokens", accessControls } })).toEqual([]);
    expect(run({ type, props: { clusterId: "x", accessControls: [{ groupName: "users" }] } })).toEqual([]);
  });

  it.each<[string, object, string]>([
    ["the default", {}, "not set (tokens live two years)"],
    ["no limit", { enableTokensConfig: "true", maxTokenLifetimeDays: "0" }, '"0"; wanted: 1 to 90'],
    ["a year", { enableTokensConfig: "true", maxTokenLifetimeDays: "365" }, '"365"'],
  ])("refuses %s", (_, customConfig, wanted) => {
    expect(run(conf(customConfig))).toEqual([expect.stringContaining(wanted)]);
  });

  it("refuses tokens for everybody, and every token and secret of its own", () => {
    const accessControls = [{ groupName: "users", permissionLevel: "CAN_USE" }];
    const type = "databricks:index/permissions:Permissions";
    expect(run({ type, props: { authorization: "tokens", accessControls } })).toEqual([
      expect.stringContaining("accessControls[0].groupName"),
    ]);
    for (const kind of ["token:Token", "oboToken:OboToken", "servicePrincipalSecret:ServicePrincipalSecret"]) {
      expect(run({ type: `databricks:index/${kind}`, props: {} })).toHaveLength(1);
    }
    expect(run(conf({ maxTokenLifetimeDays: "30" }), { maxDays: 7 })).toHaveLength(1);
  });
});

describe("databricks-closed", () => {
  const properties = {
    sku: { name: "premium" },
    publicNetworkAccess: "Enabled",
    parameters: { enableNoPublicIp: { value: true }, customVirtualNetworkId: { value: unknownText } },
  };
  const workspace = (changes: object = {}): Sample => ({
    type: "azure-native:databricks/v20240501:Workspace",
    name: "workspace",
    props: { ...properties, ...changes },
  });
  const logs = (props: object = { logs: [{ category: "accounts", enabled: true }] }): Sample => ({
    type: "azure-native:monitor:DiagnosticSetting",
    name: "logs",
    props: { resourceUri: unknownText, ...props },
    refs: { resourceUri: "workspace" },
  });
  const list = (ipAddresses: unknown, changes: object = {}): Sample => ({
    type: "databricks:index/ipAccessList:IpAccessList",
    name: "list",
    props: { label: "entrada", listType: "ALLOW", ipAddresses, ...changes },
  });
  const listed = conf({ enableIpAccessLists: "true" });
  const config = { deployerAddresses: ["203.0.113.10"], requireAddressList: true };
  const run = (samples: readonly Sample[], settings: object = config) =>
    stackMessages(databricksClosed, samples, settings);

  it("accepts a closed workspace whose list lets the deployer in", () => {
    expect(run([workspace(), logs(), listed, list(["203.0.113.0/24", unknownText])])).toEqual([]);
    expect(run([workspace(), logs(), listed, list(unknownText)])).toEqual([]);
    expect(run([workspace({ publicNetworkAccess: "Disabled" }), logs()])).toEqual([]);
    expect(run([workspace(), logs(), conf(unknownText)])).toEqual([]);
    expect(run([workspace({ parameters: unknownText }), logs()], {})).toEqual([]);
    expect(run([workspace({ computeMode: "Serverless", parameters: undefined }), logs()], {})).toEqual([]);
  });

  it.each<[string, readonly Sample[], string]>([
    [
      "public addresses",
      [workspace({ parameters: { ...properties.parameters, enableNoPublicIp: { value: false } } }), logs()],
      "enableNoPublicIp.value is false",
    ],
    [
      "a network of Databricks' own",
      [workspace({ parameters: { enableNoPublicIp: { value: true } } }), logs()],
      "customVirtualNetworkId.value is not set",
    ],
    ["another tier", [workspace({ sku: { name: "standard" } }), logs()], 'sku.name is "standard"'],
    ["no logs", [workspace()], "in no diagnostic setting"],
    [
      "logs that are off",
      [workspace(), logs({ logs: [{ category: "accounts", enabled: false }] })],
      "in no diagnostic setting",
    ],
    ["another resource's logs", [workspace(), { ...logs(), refs: {} }], "in no diagnostic setting"],
    ["lists switched on without one", [workspace(), logs(), listed], "true, with no list"],
    [
      "lists that lack the deployer",
      [workspace(), logs(), listed, list(["198.51.100.0/24"])],
      "lack the deployer's 203.0.113.10",
    ],
    [
      "the deployer in a list that blocks",
      [workspace(), logs(), listed, list(["203.0.113.10"], { listType: "BLOCK" })],
      "lack the deployer's",
    ],
  ])("refuses %s", (_, samples, wanted) => {
    expect(run(samples, { deployerAddresses: ["203.0.113.10"] })).toEqual([expect.stringContaining(wanted)]);
  });

  it("wants a list where the environment demands it", () => {
    const off = conf({ enableIpAccessLists: "false" });
    expect(run([workspace(), logs(), off])).toEqual([
      expect.stringContaining("publicNetworkAccess is open to every address"),
    ]);
    expect(run([workspace(), logs(), off], { requireAddressList: false })).toEqual([]);
  });
});
