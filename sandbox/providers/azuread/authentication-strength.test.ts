import { beforeEach, describe, expect, it } from "vitest";
import { deploy, redeploy, refTo, type TestCloud, testCloud } from "../testing.ts";
import { args, POLICY } from "./conditional-access-testing.ts";

const STRENGTH = refTo("azuread:index/authenticationStrengthPolicy:AuthenticationStrengthPolicy");

let cloud: TestCloud;
beforeEach(() => {
  cloud = testCloud();
});

describe("an authentication strength", () => {
  const keys = { displayName: "Security keys", description: "Keys only", allowedCombinations: ["fido2"] };

  it("lives", async () => {
    const made = await deploy(cloud.azuread, STRENGTH, keys);
    expect(made.id).toMatch(/^\/policies\/authenticationStrengthPolicies\/[0-9a-f-]{36}$/);
    expect((await cloud.azuread.read(STRENGTH, made.id, made))?.inputs).toEqual(keys);
    expect((await cloud.azuread.read(STRENGTH, made.id))?.inputs).toEqual(keys);
    expect(await cloud.azuread.find(STRENGTH, keys)).toBe(made.id);
    const renamed = await redeploy(cloud.azuread, STRENGTH, made, {
      ...keys,
      displayName: "Keys",
      description: undefined,
    });
    expect(renamed.diff.changes).toEqual({ description: "delete", displayName: "update" });
    expect(cloud.requests).not.toContain(`POST /v1.0${made.id}/updateAllowedCombinations`);
    const wider = { displayName: "Keys", allowedCombinations: ["windowsHelloForBusiness", "fido2"] };
    const { diff, outputs } = await redeploy(cloud.azuread, STRENGTH, renamed, wider);
    expect(Object.values(diff.changes)).not.toContain("update-replace");
    expect(outputs.allowedCombinations).toEqual(wider.allowedCombinations);
    expect(cloud.requests).toContain(`POST /v1.0${made.id}/updateAllowedCombinations`);
    const turned = await cloud.azuread.diff(
      STRENGTH,
      made.id,
      { ...renamed, inputs: wider },
      {
        ...wider,
        allowedCombinations: ["fido2", "windowsHelloForBusiness"],
      },
    );
    expect(turned.changes).toEqual({});
    await cloud.azuread.delete(STRENGTH, made.id, outputs, { timeoutSeconds: 5 });
    expect(await cloud.azuread.read(STRENGTH, made.id)).toBeUndefined();
  });

  it("is named by a policy with its whole id", async () => {
    const strength = await deploy(cloud.azuread, STRENGTH, keys);
    const grantControls = { operator: "OR", authenticationStrengthPolicyId: strength.id };
    const made = await deploy(cloud.azuread, POLICY, args({ grantControls }));
    expect(made.outputs.grantControls).toMatchObject(grantControls);
    await expect(cloud.azuread.delete(STRENGTH, strength.id, strength.outputs, { timeoutSeconds: 5 })).rejects.toThrow(
      "referenced",
    );
  });
});
