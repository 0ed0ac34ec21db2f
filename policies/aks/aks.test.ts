import { describe, expect, it } from "vitest";
import type { Rule } from "../core/rule.ts";
import { unknownText } from "../core/values.ts";
import { cluster } from "../examples/aks.ts";
import { withRefs } from "../examples/example.ts";
import { messages } from "../testing/harness.ts";
import { aksApiClosed } from "./aks-api-closed.ts";
import { aksEntraOnly } from "./aks-entra-only.ts";
import { aksNetworkPolicy } from "./aks-network-policy.ts";
import { aksNodesHardened } from "./aks-nodes-hardened.ts";
import { aksPoolsApart } from "./aks-pools-apart.ts";
import { aksUpgrades } from "./aks-upgrades.ts";
import { aksVaultSecrets } from "./aks-vault-secrets.ts";
import { aksWatched } from "./aks-watched.ts";
import { aksWorkloadIdentity } from "./aks-workload-identity.ts";
import { poolType } from "./pools.ts";

const type = "azure-native:containerservice/v20250901:ManagedCluster";
const securityProfile = { workloadIdentity: { enabled: true }, defender: { securityMonitoring: { enabled: true } } };
const good = { ...cluster()[0]?.props, securityProfile };
/** A good cluster with a value put in at a path. */
const run = (rule: Rule, path = "tags.team", put?: unknown, config: object = {}) =>
  messages(rule, { type, name: "cluster", props: withRefs(good, { [path]: put }) }, { ...rule.defaults, ...config });

const rules = [
  aksApiClosed,
  aksEntraOnly,
  aksNetworkPolicy,
  aksNodesHardened,
  aksPoolsApart,
  aksUpgrades,
  aksVaultSecrets,
  aksWatched,
  aksWorkloadIdentity,
];

describe.each(rules.map((rule) => [rule.text.name, rule] as const))("%s", (_, rule) => {
  it("accepts a cluster that is as it should be", () => {
    expect(run(rule)).toEqual([]);
  });

  it("finds a cluster of which nothing is said", () => {
    expect(messages(rule, { type, props: { agentPoolProfiles: [{ name: "system" }] } }, rule.defaults)).not.toEqual([]);
  });

  it("waits for parts that are not known yet", () => {
    for (const part of Object.keys(good)) expect(run(rule, part, unknownText)).toEqual([]);
  });
});

describe("refuses", () => {
  const cases: readonly (readonly [Rule, string, unknown, string])[] = [
    [aksEntraOnly, "enableRBAC", false, "enableRBAC is false"],
    [aksEntraOnly, "aadProfile.enableAzureRBAC", false, "aadProfile.enableAzureRBAC is false"],
    [aksEntraOnly, "aadProfile", { enableAzureRBAC: true }, "aadProfile.managed is not set"],
    [aksApiClosed, "apiServerAccessProfile.authorizedIPRanges", [], "authorizedIPRanges is empty"],
    [aksApiClosed, "apiServerAccessProfile.authorizedIPRanges", ["203.0.113.0/24", "0.0.0.0/1"], "[1] is"],
    [aksApiClosed, "apiServerAccessProfile.disableRunCommand", false, "disableRunCommand is false"],
    [aksNetworkPolicy, "networkProfile.networkPolicy", "none", 'networkPolicy is "none"'],
    [aksNetworkPolicy, "networkProfile.networkPlugin", "kubenet", 'networkPlugin is "kubenet"'],
    [aksWorkloadIdentity, "securityProfile.workloadIdentity.enabled", false, "workloadIdentity.enabled is false"],
    [aksWorkloadIdentity, "podIdentityProfile", { enabled: true }, "podIdentityProfile.enabled is true"],
    [aksWorkloadIdentity, "identity", undefined, "identity.type is not set"],
    [aksVaultSecrets, "addonProfiles.azureKeyvaultSecretsProvider.enabled", false, "enabled is false"],
    [aksUpgrades, "autoUpgradeProfile", undefined, "upgradeChannel is not set (never)"],
    [aksUpgrades, "autoUpgradeProfile.nodeOSUpgradeChannel", "None", 'nodeOSUpgradeChannel is "None"'],
    [aksWatched, "addonProfiles.azurepolicy", undefined, "azurepolicy.enabled is not set"],
    [aksNodesHardened, "agentPoolProfiles.0.enableNodePublicIP", true, "[0].enableNodePublicIP is true"],
    [aksNodesHardened, "agentPoolProfiles.0.enableEncryptionAtHost", undefined, "enableEncryptionAtHost is not set"],
    [aksNodesHardened, "agentPoolProfiles.0.securityProfile.sshAccess", "LocalUser", 'sshAccess is "LocalUser"'],
    [aksPoolsApart, "agentPoolProfiles.0.nodeTaints", undefined, "without a system pool of its own"],
    [aksPoolsApart, "agentPoolProfiles.0.mode", "User", "without a pool of mode System"],
    [aksPoolsApart, "agentPoolProfiles.0.count", 1, "agentPoolProfiles[0].count is 1"],
    [aksPoolsApart, "agentPoolProfiles.0.availabilityZones", ["1"], "availabilityZones is 1 zone"],
  ];

  it.each(cases.map(([rule, ...rest]) => [rule.text.name, rule, ...rest] as const))(
    "by %s",
    (_, rule, path, put, wanted) => {
      expect(run(rule, path, put)).toEqual([expect.stringContaining(wanted)]);
    },
  );

  it("a stored secret, without showing it", () => {
    const found = run(aksWorkloadIdentity, "servicePrincipalProfile", { clientId: "c", secret: "not-a-real-secret" });
    expect(found).toEqual([expect.stringContaining("servicePrincipalProfile.secret is set (not shown)")]);
    expect(found.join()).not.toContain("not-a-real-secret");
  });
});

describe("accepts", () => {
  it("a private cluster without ranges", () => {
    const profile = { enablePrivateCluster: true, disableRunCommand: true };
    expect(run(aksApiClosed, "apiServerAccessProfile", profile)).toEqual([]);
    expect(run(aksApiClosed, "apiServerAccessProfile.authorizedIPRanges", [unknownText])).toEqual([]);
  });

  it("a cluster whose subscription installs the sensor", () => {
    const without = { workloadIdentity: { enabled: true } };
    expect(run(aksWatched, "securityProfile", without, { requireSensor: false })).toEqual([]);
    expect(run(aksWatched, "securityProfile", without)).toEqual([
      expect.stringContaining("defender.securityMonitoring"),
    ]);
  });

  it("one node and no zones where an environment may be gone for a while", () => {
    const small = { minZones: 0, minSystemNodes: 1 };
    expect(run(aksPoolsApart, "agentPoolProfiles.0.count", 1, small)).toEqual([]);
    expect(run(aksPoolsApart, "agentPoolProfiles.0.availabilityZones", undefined, small)).toEqual([]);
  });

  it("an autoscaled system pool by its least number of nodes", () => {
    const scaled = (minCount: unknown) =>
      run(aksPoolsApart, "agentPoolProfiles.0", {
        mode: "System",
        enableAutoScaling: true,
        minCount,
        nodeTaints: [unknownText],
        availabilityZones: ["1", "2"],
      });
    expect(scaled(2)).toEqual([]);
    expect(scaled(unknownText)).toEqual([]);
    expect(scaled(1)).toHaveLength(1);
  });
});

it("looks at pools that are resources of their own", () => {
  const pool = { resourceName: "aks", mode: "User", availabilityZones: ["1", "2", "3"] };
  expect(messages(aksNodesHardened, { type: poolType, props: pool })).toEqual([
    expect.stringContaining('AgentPool "sample": enableEncryptionAtHost is not set'),
    expect.stringContaining("securityProfile.sshAccess is not set"),
  ]);
  expect(messages(aksPoolsApart, { type: poolType, props: pool }, aksPoolsApart.defaults)).toEqual([]);
  expect(
    messages(aksPoolsApart, { type: poolType, props: { ...pool, availabilityZones: [] } }, aksPoolsApart.defaults),
  ).toEqual([expect.stringContaining("availabilityZones is not set")]);
});
