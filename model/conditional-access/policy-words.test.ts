import { describe, expect, it } from "vitest";
import { samplePolicy } from "../testing/conditional-access.ts";
import { NO_USERS } from "./blank.ts";
import { demands, signInFrequency } from "./grant-controls.ts";
import type { PolicyConditions } from "./policy.ts";
import { ALL_GUESTS, EMPLOYEES, UNMANAGED, users } from "./policy-conditions.ts";
import { policyWords } from "./policy-words.ts";

const of = (conditions: Partial<PolicyConditions>, rest: object = {}) => {
  const policy = samplePolicy();
  return policyWords({ ...policy, ...rest, conditions: { ...policy.conditions, ...conditions } });
};

describe("a policy in words", () => {
  it.each([
    [EMPLOYEES, "everybody except guests"],
    [users({ includeUsers: ["None"] }), "nobody"],
    [users({}), "nobody"],
    [
      users({ includeGroups: ["team:sales", "team:ops"], excludeUsers: ["person:ana.lima"] }),
      "members of sales and members of ops except ana.lima",
    ],
    [
      users({ includeRoles: ["62e90394"], includeGuestsOrExternalUsers: ALL_GUESTS }),
      "holders of the directory role 62e90394 and guests",
    ],
    [{ ...NO_USERS, includeUsers: ["8c1d"], excludeGroups: ["77aa"] }, "8c1d except 77aa"],
  ])("says whom it is about, and never names the break-glass group", (given, text) => {
    expect(of({ users: given }).who).toBe(text);
  });

  it.each<[Partial<PolicyConditions>, string[]]>([
    [{ clientAppTypes: ["all"] }, []],
    [{ clientAppTypes: ["exchangeActiveSync", "other"] }, ["with Exchange ActiveSync or a legacy client"]],
    [{ platforms: { includePlatforms: ["android", "iOS"], excludePlatforms: [] } }, ["on android or iOS"]],
    [{ platforms: { includePlatforms: ["all"], excludePlatforms: ["macOS"] } }, ["on a platform other than macOS"]],
    [
      { locations: { includeLocations: ["All"], excludeLocations: ["location:countries", "location:lisbon"] } },
      ["from outside the countries where people work and the office lisbon"],
    ],
    [{ locations: { includeLocations: ["AllTrusted"], excludeLocations: [] } }, ["from trusted places"]],
    [{ signInRiskLevels: ["medium", "high"] }, ["medium or high risk of the sign-in"]],
    [
      { userRiskLevels: ["high"], devices: { deviceFilter: UNMANAGED } },
      ["high risk of the account", "on a device that nobody manages"],
    ],
    [
      { devices: { deviceFilter: { mode: "include", rule: 'device.model -eq "X"' } } },
      ['on a device for which this holds: device.model -eq "X"'],
    ],
    [{ authenticationFlows: { transferMethods: "deviceCodeFlow" } }, ["by device code flow"]],
  ])("says when it holds", (given, words) => {
    expect(of(given).when).toEqual(words);
  });

  it.each([
    [{ grantControls: demands("AND", ["block"]), sessionControls: null }, ["blocked"]],
    [
      { grantControls: demands("OR", ["compliantDevice", "domainJoinedDevice"]), sessionControls: null },
      ["a compliant device or a hybrid joined device"],
    ],
    [
      {
        grantControls: demands("AND", [], { id: "4", displayName: "Phishing-resistant MFA", allowedCombinations: [] }),
        sessionControls: null,
      },
      ["Phishing-resistant MFA"],
    ],
    [
      { grantControls: null, sessionControls: { signInFrequency: signInFrequency("4h") } },
      ["signs in again after 4 hours"],
    ],
  ])("says what it demands", (rest, words) => {
    expect(of({}, rest).demands).toEqual(words);
  });
});
