import { describe, expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { keptLogs } from "../examples/aks.ts";
import { account } from "../examples/data.ts";
import { vault } from "../examples/network.ts";
import { messages, type Sample, stackMessages, urnOf } from "../testing/harness.ts";
import { diagnosticsKept } from "./diagnostics-kept.ts";
import { dnsCaa } from "./dns-caa.ts";
import { logsLast } from "./logs-last.ts";
import { rolesNarrow } from "./roles-narrow.ts";
import { statefulProtected } from "./stateful-protected.ts";

const subscription = "/subscriptions/41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17";
const owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const accessAdministrator = "f58310d9-a9f6-439a-9e8d-f62e7b41a168";

describe("roles-narrow", () => {
  const run = (role: string, scope: unknown, more: object = {}) =>
    messages(rolesNarrow, {
      type: "azure-native:authorization:RoleAssignment",
      props: { roleDefinitionId: `${subscription}/providers/x/roleDefinitions/${role}`, scope, ...more },
    });
  const group = `${subscription}/resourceGroups/rg-data`;
  const condition = { condition: "@Request[…] ForAnyOfAnyValues:GuidEquals {…}", conditionVersion: "2.0" };

  it.each([
    ["Contributor on a group", contributor, group, {}],
    ["Contributor on a scope that is not known yet", contributor, unknownText, {}],
    ["limited administration of access", accessAdministrator, group, condition],
    ["a condition that is not known yet", accessAdministrator, group, { condition: unknownText }],
    ["a reader of everything", "acdd72a7-3385-48ef-bd42-f606fba81ae7", subscription, {}],
    ["Key Vault Administrator for people", "00482a5a-887f-4fb3-b363-3b7fe8e74483", group, { principalType: "Group" }],
  ])("accepts %s", (_, role, scope, more) => {
    expect(run(role, scope, more)).toEqual([]);
  });

  it.each([
    ["Owner of a subscription", owner, subscription, {}, "Owner on"],
    ["Contributor of a subscription", contributor, `${subscription}/`, condition, "Contributor on"],
    ["a management group", owner, "/providers/Microsoft.Management/managementGroups/company", {}, "Owner on"],
    ["the tenant", accessAdministrator, "/", {}, "Role Based Access Control Administrator on"],
    ["Owner of a group", owner, group, {}, "condition is not set, for Owner"],
    ["access without limit", accessAdministrator, unknownText, {}, "condition is not set"],
    [
      "Key Vault Administrator for a program",
      "00482a5a-887f-4fb3-b363-3b7fe8e74483",
      group,
      { principalType: "ServicePrincipal" },
      "Key Vault Administrator for a program",
    ],
  ])("refuses %s", (_, role, scope, more, wanted) => {
    expect(run(role, scope, more)).toEqual([expect.stringContaining(wanted)]);
  });
});

describe("diagnostics-kept", () => {
  const cluster: Sample = { type: "azure-native:containerservice:ManagedCluster", name: "aks", props: { id: "/aks" } };
  const setting = (props: object): Sample => ({
    type: "azure-native:monitor:DiagnosticSetting",
    name: "setting",
    props: { resourceUri: "/AKS", workspaceId: "/logs", ...props },
  });
  const run = (...samples: Sample[]) => stackMessages(diagnosticsKept, samples, diagnosticsKept.defaults);

  it.each([
    ["the audit category", { logs: [{ category: "kube-audit-admin", enabled: true }] }],
    [
      "the group",
      {
        logs: [
          { category: "guard", enabled: true },
          { categoryGroup: "allLogs", enabled: true },
        ],
      },
    ],
    ["an archive", { workspaceId: undefined, storageAccountId: unknownText, logs: [unknownText] }],
    ["logs that are not known yet", { logs: unknownText }],
  ])("accepts %s", (_, props) => {
    expect(run(cluster, setting(props))).toEqual([]);
  });

  it.each([
    ["other categories", { logs: [{ category: "guard", enabled: true }] }],
    ["a category that is off", { logs: [{ category: "kube-audit-admin", enabled: false }] }],
    ["metrics", { metrics: [{ category: "AllMetrics", enabled: true }] }],
    ["logs that go nowhere", { workspaceId: undefined, logs: [{ category: "kube-audit", enabled: true }] }],
  ])("refuses %s", (_, props) => {
    expect(run(cluster, setting(props))).toEqual([expect.stringContaining("without kube-audit-admin")]);
  });

  it("refuses a resource without a setting, and goes by where the id comes from while it is not known", () => {
    expect(run(vault(), keptLogs("server", "PostgreSQLLogs"))).toEqual([
      expect.stringContaining("in no diagnostic setting"),
    ]);
    const late: Sample = {
      ...keptLogs("vault", "AuditEvent"),
      props: { ...keptLogs("vault", "AuditEvent").props, resourceUri: unknownText },
    };
    expect(run(vault(), late)).toEqual([]);
  });

  it("leaves vaults to others where it is told so", () => {
    expect(stackMessages(diagnosticsKept, [vault()], { vaults: false })).toEqual([]);
    expect(stackMessages(diagnosticsKept, [cluster], { vaults: false })).toHaveLength(1);
  });
});

describe("logs-last", () => {
  const run = (props: object, config: object = {}) =>
    messages(
      logsLast,
      { type: "azure-native:operationalinsights:Workspace", props },
      { ...logsLast.defaults, ...config },
    );
  const features = { disableLocalAuth: true };

  it("accepts logs that last, and waits for what is not known yet", () => {
    expect(run({ retentionInDays: 90, features })).toEqual([]);
    expect(run({ retentionInDays: unknownText, features: unknownText })).toEqual([]);
    expect(run({ features }, { minDays: 30 })).toEqual([]);
  });

  it("refuses a month, and keys", () => {
    expect(run({ features })).toEqual([expect.stringContaining("retentionInDays is 30")]);
    expect(run({ retentionInDays: 365 })).toEqual([expect.stringContaining("features.disableLocalAuth is not set")]);
  });
});

describe("stateful-protected", () => {
  const store: Sample = { ...vault(), props: { ...vault().props, id: "/kv" } };
  const lock = (scope: string): Sample => ({
    type: "azure-native:authorization:ManagementLockByScope",
    name: "lock",
    props: { scope, level: "CanNotDelete" },
  });
  const app: Sample = { type: "azuread:index/application:Application", name: "superset", props: {} };
  const run = (samples: Sample[], requireProtection = false) =>
    stackMessages(statefulProtected, samples, { requireProtection });
  const guarded = { ...store, protect: true };

  it("accepts what is protected and locked, and both left out where nothing is asked", () => {
    expect(run([guarded, lock("/KV"), { ...app, protect: true }], true)).toEqual([]);
    expect(run([store, app])).toEqual([]);
    expect(run([guarded], true)).toEqual([]);
  });

  it("refuses what production does not protect", () => {
    expect(run([store, app], true)).toEqual([
      expect.stringContaining(urnOf(store)),
      expect.stringContaining("protect (resource option) is false"),
    ]);
  });

  it("goes by where a lock's scope comes from while it is not known", () => {
    const late: Sample = { ...lock(unknownText), refs: { scope: "vault" } };
    expect(run([vault(), late])).toEqual([]);
    expect(run([vault(), lock(unknownText)])).toHaveLength(1);
  });

  it("refuses a resource that is left out among locked ones", () => {
    const other: Sample = { ...account(), protect: true, props: { ...account().props, id: "/account" } };
    expect(run([guarded, lock("/kv"), other])).toEqual([expect.stringContaining("held by no deletion lock")]);
  });

  it("takes a lock of the resource group for all that lies in it", () => {
    const group: Sample = {
      type: "azure-native:resources:ResourceGroup",
      name: "group",
      props: { id: "/group", resourceGroupName: "rg-data" },
    };
    expect(run([guarded, { ...account(), protect: true }, group, lock("/group")])).toEqual([]);
    const byName: Sample = {
      type: "azure-native:authorization:ManagementLockAtResourceGroupLevel",
      name: "lock",
      props: { resourceGroupName: "rg-data", level: "CanNotDelete" },
    };
    expect(run([guarded, byName])).toEqual([]);
  });
});

describe("dns-caa", () => {
  const zone: Sample = { type: "azure-native:dns:Zone", name: "zone", props: { zoneName: "contoso.com" } };
  const record = (props: object): Sample => ({ type: "azure-native:dns:RecordSet", name: "caa", props });
  const caa = { zoneName: "contoso.com", recordType: "CAA", caaRecords: [{ tag: "issue", value: "letsencrypt.org" }] };
  const run = (...samples: Sample[]) => stackMessages(dnsCaa, samples);

  it("accepts a zone with its authorities, and what is not known yet", () => {
    expect(run(zone, record(caa))).toEqual([]);
    expect(run(zone, { ...record({ ...caa, zoneName: unknownText }), refs: { zoneName: "zone" } })).toEqual([]);
    expect(run(zone, record({ ...caa, caaRecords: unknownText }))).toEqual([]);
    expect(run({ ...zone, props: { ...zone.props, zoneType: "Private" } })).toEqual([]);
  });

  it.each([
    ["no record", []],
    ["another kind", [record({ ...caa, recordType: "TXT" })]],
    ["another zone", [record({ ...caa, zoneName: "fabrikam.com" })]],
    ["an empty one", [record({ ...caa, caaRecords: [] })]],
  ])("refuses %s", (_, records) => {
    expect(run(zone, ...records)).toEqual([expect.stringContaining("without a CAA record")]);
  });
});
