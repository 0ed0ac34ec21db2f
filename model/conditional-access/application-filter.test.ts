import { describe, expect, it } from "vitest";
import { ApplicationFilterError, matchesApplication, parseApplicationFilter } from "./application-filter.ts";

const attributes = { "ConditionalAccessTest.policyRequirement": ["requireMFA", "requireCompliantDevice"] };
const matches = (rule: string, own: typeof attributes | undefined = attributes) =>
  matchesApplication(parseApplicationFilter(rule), own);

describe("matchesApplication", () => {
  it.each([
    ['CustomSecurityAttribute.ConditionalAccessTest_policyRequirement -contains "requireMFA"', true],
    ['customsecurityattribute.conditionalaccesstest_policyrequirement -contains "REQUIREmfa"', true],
    ['CustomSecurityAttribute.ConditionalAccessTest_policyRequirement -contains "require"', false],
    ['CustomSecurityAttribute.ConditionalAccessTest_policyRequirement -notContains "blockGuestUsers"', true],
    ['CustomSecurityAttribute.ConditionalAccessTest_policyRequirement -in ["a", "requireCompliantDevice"]', true],
    ['CustomSecurityAttribute.Other_policyRequirement -contains "requireMFA"', false],
    ['CustomSecurityAttribute.Other_policyRequirement -notContains "requireMFA"', true],
  ])("%s is %s", (rule, expected) => {
    expect(matches(rule)).toBe(expected);
  });

  it("takes an application without attributes as one without values", () => {
    const rule = parseApplicationFilter('CustomSecurityAttribute.Data_class -eq "secret"');
    expect(matchesApplication(rule, undefined)).toBe(false);
    expect(matchesApplication({ kind: "not", filter: rule }, undefined)).toBe(true);
  });

  it.each(['device.model -eq "x"', 'CustomSecurityAttribute.class -eq "x"', "CustomSecurityAttribute.Data_class"])(
    "refuses %s",
    (rule) => {
      expect(() => parseApplicationFilter(rule)).toThrow(ApplicationFilterError);
    },
  );
});
