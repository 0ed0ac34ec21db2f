import { expect, it } from "vitest";
import { checkPolicyConfig, policyConfig } from "./config.ts";

const facts = { environment: "prod", domains: ["data.contoso.com"], registries: ["contoso.azurecr.io"] };

it("asks production for digests and the longest retention", () => {
  expect(policyConfig(facts)).toEqual({
    "redirect-https": { allowLoopbackHttp: false },
    "redirect-exact": { domains: ["data.contoso.com"] },
    "app-secret-lifetime": { maxDays: 90 },
    "kv-guarded": { minRetentionDays: 90 },
    "image-pinned": { registries: ["contoso.azurecr.io"], requireDigest: true },
  });
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
