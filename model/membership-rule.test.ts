import { describe, expect, it } from "vitest";
import {
  evaluateMembershipRule,
  MembershipRuleError,
  parseMembershipRule,
  type RuleSubject,
} from "./membership-rule.ts";

const ana: RuleSubject = {
  department: "Analytics",
  jobTitle: "Lead Analyst",
  userType: "Member",
  accountEnabled: true,
  country: "Portugal",
  companyName: null,
  mail: "ana.lima@contoso.com",
  userPrincipalName: "ana.lima@contoso.com",
};

describe("evaluateMembershipRule", () => {
  it.each([
    ['user.department -eq "Analytics"', true],
    ["user.department -eq 'Analytics'", true],
    ['user.department -eq "ANALYTICS"', true],
    ['user.department -eq "Sales"', false],
    ['user.department -ne "Sales"', true],
    ['user.jobTitle -startsWith "lead"', true],
    ['user.jobTitle -notStartsWith "lead"', false],
    ['user.jobTitle -contains "analyst"', true],
    ['user.jobTitle -notContains "sales"', true],
    ['user.country -in ["Spain", "Portugal"]', true],
    ['user.country -notIn ["Spain", "Portugal"]', false],
    ["user.accountEnabled -eq true", true],
    ["user.accountEnabled -ne true", false],
    ["user.companyName -eq null", true],
    ["user.companyName -ne null", false],
    ["user.mail -ne NULL", true],
    ['USER.Department -EQ "Analytics"', true],
    ['user.department eq "Analytics"', true],
    ['(user.department -eq "Analytics")', true],
    ['user.userPrincipalName -eq "ana`.lima@contoso.com"', true],
  ])("%s is %s", (rule, expected) => {
    expect(evaluateMembershipRule(rule, ana)).toBe(expected);
  });

  it.each([
    ['user.companyName -eq "Fabrikam"', false],
    ['user.companyName -startsWith ""', false],
    ['user.companyName -contains ""', false],
    ['user.companyName -in ["Fabrikam"]', false],
    ['user.companyName -ne "Fabrikam"', true],
    ['user.companyName -notStartsWith "Fab"', true],
    ['user.companyName -notContains "Fab"', true],
    ['user.companyName -notIn ["Fabrikam"]', true],
  ])("of a value that the person lacks, %s is %s", (rule, expected) => {
    expect(evaluateMembershipRule(rule, ana)).toBe(expected);
  });

  const yes = "user.accountEnabled -eq true";
  const no = "user.accountEnabled -eq false";
  it.each([
    [`${yes} -or ${yes} -and ${no}`, true],
    [`(${yes} -or ${yes}) -and ${no}`, false],
    [`-not ${yes} -or ${yes}`, true],
    [`-not (${yes} -or ${yes})`, false],
    [`not ${no} and ${yes}`, true],
    [`-not -not ${yes}`, true],
    [`${no} -and ${yes} -or ${yes}`, true],
  ])("%s is %s", (rule, expected) => {
    expect(evaluateMembershipRule(rule, ana)).toBe(expected);
  });

  it("takes a rule that is parsed already", () => {
    expect(evaluateMembershipRule(parseMembershipRule(yes), ana)).toBe(true);
  });
});

describe("parseMembershipRule", () => {
  it.each([
    ["", 1, "The rule ends where a property"],
    ["department -eq 'A'", 1, "Found department where a property: user.department, user.jobTitle"],
    ["user.shoeSize -eq '44'", 1, "Found user.shoeSize where a property"],
    ["user.department = 'A'", 17, "The character = has no meaning here"],
    ["user.department -match 'A'", 17, "Found -match where an operator: -eq, -ne"],
    ["user.department -eq Analytics", 21, "Found Analytics where a text in quotes or null"],
    ["user.department -eq 'Analytics", 21, "has no end"],
    ["user.department -eq 'A' user.country -eq 'B'", 25, "where -and, -or or the end"],
    ["(user.department -eq 'A'", 25, "The rule ends where a closing bracket"],
    ["user.department -in 'A'", 21, 'a list such as ["A", "B"]'],
    ["user.department -in ['A' 'B']", 26, "a comma or the end of the list"],
    ["user.department -in ['A', null]", 27, "a text in quotes"],
    ["user.accountEnabled -eq 'true'", 25, "true or false"],
    ["user.accountEnabled -startsWith true", 21, "-eq and -ne only"],
    ["user.department -contains null", 27, "null can be compared with -eq and -ne only"],
    ["user.department -eq 'A' -and", 29, "The rule ends where a property"],
  ])("%s fails at %i", (rule, position, message) => {
    const error = failure(rule);
    expect(error.position).toBe(position);
    expect(error.message).toContain(message);
    expect(error.message).toContain(`(at character ${position})`);
  });

  it("takes no rule of more than 3,072 characters", () => {
    const long = (length: number) => `user.department -eq "${"x".repeat(length - 22)}"`;
    expect(() => parseMembershipRule(long(3072))).not.toThrow();
    expect(failure(long(3073)).message).toContain("at most 3072 characters");
  });
});

function failure(rule: string): MembershipRuleError {
  try {
    parseMembershipRule(rule);
  } catch (error) {
    if (error instanceof MembershipRuleError) return error;
    throw error;
  }
  throw new Error(`${rule} was parsed`);
}
