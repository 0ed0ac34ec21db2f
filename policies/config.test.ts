import { expect, it } from "vitest";
import { checkPolicyConfig, policyConfig } from "./config.ts";
import { rules } from "./rules.ts";

const facts = { environment: "prod", domains: ["data.contoso.com"], registries: ["contoso.azurecr.io"] };

it("asks production for digests and the longest retention", () => {
  expect(policyConfig(facts)).toEqual({
    "redirect-https": { allowLoopbackHttp: false },
    "redirect-exact": { domains: ["data.contoso.com"] },
    "app-secret-lifetime": { maxDays: 90 },
    "kv-guarded": { minRetentionDays: 90 },
    "kv-doors-closed": { allowOpenNetwork: false },
    "aks-watched": { requireSensor: false },
    "aks-pools-apart": { minZones: 2, minSystemNodes: 2 },
    "pg-recoverable": { minBackupDays: 14, requireZoneRedundancy: true },
    "pg-entra": { allowPasswords: true },
    "redis-closed": { allowKeys: true },
    "storage-closed": { allowOpenNetwork: false },
    "diagnostics-kept": { vaults: false },
    "logs-last": { minDays: 90 },
    "stateful-protected": { requireProtection: true },
    "image-pinned": { registries: ["contoso.azurecr.io"], requireDigest: true },
    "admin-role-guarded": { adminRoles: [], privilegedGroups: [] },
    "privileged-not-nested": { privilegedGroups: [], ordinaryGroups: [] },
    "partner-no-admin": { adminRoles: {} },
    "ca-groups-protected": { privilegedGroups: [] },
    "session-bounded": { maxSeconds: 28_800, revocationSeconds: 3600 },
    "proxy-strict": { tenantId: "" },
    "tools-behind-proxy": { openMetadataReason: "" },
    "no-http-urls": { domains: ["data.contoso.com"] },
    "egress-named": { addressesReason: "" },
    "databricks-closed": { deployerAddresses: [], requireAddressList: true },
  });
});

it("takes what the settings say of roles, groups, sessions and exceptions", () => {
  const config = policyConfig({
    ...facts,
    environment: "dev",
    tenantId: "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10",
    admin: { roleIds: ["id-1"], roleNames: { superset: ["Admin"] } },
    groups: { privileged: ["p"], ordinary: ["o"] },
    sessions: { maximum: 3600, revocation: 600 },
    addressesReason: "The cluster runs without Cilium.",
    openMetadataReason: "The proxy's Redis is not there yet.",
    deployerAddresses: ["203.0.113.10"],
  });
  expect(config).toMatchObject({
    "admin-role-guarded": { adminRoles: ["id-1"], privilegedGroups: ["p"] },
    "privileged-not-nested": { privilegedGroups: ["p"], ordinaryGroups: ["o"] },
    "partner-no-admin": { adminRoles: { superset: ["Admin"] } },
    "session-bounded": { maxSeconds: 3600, revocationSeconds: 600 },
    "proxy-strict": { tenantId: "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10" },
    "tools-behind-proxy": { openMetadataReason: "The proxy's Redis is not there yet." },
    "egress-named": { addressesReason: "The cluster runs without Cilium." },
    "databricks-closed": { deployerAddresses: ["203.0.113.10"], requireAddressList: false },
  });
  expect(checkPolicyConfig(config)).toEqual([]);
});

it("is content with exact tags elsewhere", () => {
  const config = policyConfig({ ...facts, environment: "sandbox", maxSecretDays: 30, loopbackHttp: true });
  expect(config).toMatchObject({
    "redirect-https": { allowLoopbackHttp: true },
    "app-secret-lifetime": { maxDays: 30 },
    "kv-guarded": { minRetentionDays: 7 },
    "image-pinned": { requireDigest: false },
  });
});

it("advises in dev, but for critical rules, and stops everywhere else", () => {
  const levels = (environment: string) => {
    const config = policyConfig({ ...facts, environment });
    return rules.map(({ text }) => [text.severity === "critical", Object(config[text.name]).enforcementLevel]);
  };
  expect(new Set(levels("dev").map(String))).toEqual(new Set(["true,", "false,advisory"]));
  for (const environment of ["sandbox", "staging", "prod"]) {
    expect(levels(environment).filter(([, level]) => level !== undefined)).toEqual([]);
  }
  expect(checkPolicyConfig(policyConfig({ ...facts, environment: "dev" }))).toEqual([]);
});

it("accepts what it writes, and the engine's own keys", () => {
  expect(checkPolicyConfig(policyConfig(facts))).toEqual([]);
  expect(checkPolicyConfig({ all: "advisory", environments: ["x"], "kv-guarded": "disabled" })).toEqual([]);
  expect(checkPolicyConfig({ "kv-guarded": { enforcementLevel: "advisory", minRetentionDays: 30 } })).toEqual([]);
});

it.each([
  [{ "redirect-htpps": "disabled" }, 'no rule "redirect-htpps"'],
  [{ "kv-guarded": "off" }, 'has the level "off"'],
  [{ "kv-guarded": { enforcementLevel: "off" } }, 'has the level "off"'],
  [{ "kv-guarded": { minRetention: 30 } }, 'no setting "minRetention"; it has minRetentionDays'],
  [{ "pod-restricted": { strict: true } }, "it has none"],
  [{ "kv-guarded": 7 }, "must be a level"],
  [[], "is an object"],
])("refuses %j", (config, wanted) => {
  expect(checkPolicyConfig(config)).toEqual([expect.stringContaining(wanted)]);
});
