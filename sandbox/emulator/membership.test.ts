import { describe, expect, it } from "vitest";
import {
  ADMIN_ROLE,
  ADMINS,
  ANA,
  ANALYSTS,
  assignment,
  group,
  JON,
  JUNIORS,
  NESTED,
  TOOL_SP,
  testDirectory,
} from "./entra/testing.ts";
import {
  assignedRoleIds,
  assignedRoleValues,
  directGroups,
  directMembers,
  transitiveGroups,
  transitiveMembers,
} from "./membership.ts";

const ids = (groups: readonly { id: string }[]) => groups.map(({ id }) => id);
const groupOf = (data: ReturnType<typeof testDirectory>, id: string) => data.groups[id] ?? group(id, "missing", []);

describe("membership", () => {
  it("is direct, or through nested groups", () => {
    const data = testDirectory();
    expect(ids(directGroups(data, NESTED))).toEqual([JUNIORS]);
    expect(ids(transitiveGroups(data, NESTED))).toEqual([JUNIORS, ADMINS]);
    expect(directMembers(data, groupOf(data, ADMINS))).not.toContain(NESTED);
    expect(transitiveMembers(data, groupOf(data, ADMINS))).toEqual(expect.arrayContaining([ANA, JUNIORS, NESTED]));
  });

  it("follows a dynamic group's rule, and its stored members while the rule is paused", () => {
    const data = testDirectory();
    expect(directMembers(data, groupOf(data, ANALYSTS))).toEqual([JON]);
    expect(ids(directGroups(data, JON))).toEqual([ANALYSTS]);
    groupOf(data, ANALYSTS).membershipRuleProcessingState = "Paused";
    expect(directMembers(data, groupOf(data, ANALYSTS))).toEqual([]);
  });

  it("ends in a circle of groups", () => {
    const data = testDirectory();
    groupOf(data, JUNIORS).members.push(ADMINS);
    expect(ids(transitiveGroups(data, NESTED)).sort()).toEqual([ADMINS, JUNIORS].sort());
    expect(transitiveMembers(data, groupOf(data, JUNIORS))).toEqual(
      expect.arrayContaining([NESTED, ADMINS, ANA, JUNIORS]),
    );
  });

  it("gives roles to direct members only", () => {
    const data = testDirectory();
    const tool = data.servicePrincipals[TOOL_SP];
    expect(assignedRoleIds(data, ANA, TOOL_SP)).toEqual([ADMIN_ROLE]);
    expect(assignedRoleIds(data, NESTED, TOOL_SP)).toEqual([]);
    expect(tool && assignedRoleValues(data, JON, tool)).toEqual(["Alpha"]);
    data.appRoleAssignments.e3 = assignment("e3", ADMIN_ROLE, ANA);
    expect(assignedRoleIds(data, ANA, TOOL_SP)).toEqual([ADMIN_ROLE]);
  });
});
