import { describe, expect, it } from "vitest";
import { runProgram, settled } from "../testing/mocks.ts";
import { creationOrder, groupArgs, peopleOf, type TeamDefinition } from "./team-group.ts";
import { Teams } from "./teams.ts";

const GROUP = "azuread:index/group:Group";
const userPrincipalName = (entry: string) => `${entry}@contoso.com`;

function team(changes: Partial<TeamDefinition> = {}): TeamDefinition {
  return { privileged: false, owners: ["ana.lima"], members: [], teams: [], ...changes };
}

describe("Teams", () => {
  it("creates a group with owners, members and nested groups, found with one question", async () => {
    const run = await runProgram(() => {
      new Teams("teams", {
        teams: {
          analysts: team({
            displayName: "Analysts",
            description: "Build charts",
            members: ["mei.tanaka"],
            teams: ["interns"],
          }),
          interns: team({ owners: ["mei.tanaka"], members: ["zoe.martin"] }),
        },
        userPrincipalName,
      });
    });
    expect(run.counts()).toEqual({ [GROUP]: 2 });
    expect(run.find(GROUP, "analysts").inputs).toEqual({
      displayName: "Analysts",
      description: "Build charts",
      securityEnabled: true,
      assignableToRole: false,
      preventDuplicateNames: true,
      owners: ["person-ana.lima@contoso.com"],
      members: ["person-mei.tanaka@contoso.com", "object-of-interns"],
    });
    expect(run.calls).toEqual([
      {
        token: "azuread:index/getUsers:getUsers",
        inputs: { userPrincipalNames: ["ana.lima@contoso.com", "mei.tanaka@contoso.com", "zoe.martin@contoso.com"] },
      },
    ]);
  });

  it("makes a privileged group assignable to roles and a dynamic one by its rule, without members", async () => {
    const rule = 'user.department -eq "Product"';
    const run = await runProgram(() => {
      new Teams("teams", {
        teams: { admins: team({ privileged: true, members: ["ana.lima"] }), product: team({ rule }) },
        userPrincipalName,
      });
    });
    expect(run.find(GROUP, "admins").inputs.assignableToRole).toBe(true);
    const dynamic = run.find(GROUP, "product").inputs;
    expect(dynamic).toMatchObject({ types: ["DynamicMembership"], dynamicMembership: { enabled: true, rule } });
    expect(dynamic).not.toHaveProperty("members");
  });

  it("reads an existing group and leaves it alone", async () => {
    const existing = "3f0c6a3e-5d0a-4b6f-9c1e-2f7a0d8b4c55";
    let id: string | undefined;
    const run = await runProgram(async () => {
      const teams = new Teams("teams", { teams: { sales: team({ owners: [], existing }) }, userPrincipalName });
      if (teams.groupIds.sales !== undefined) id = await settled(teams.groupIds.sales);
    });
    expect(run.counts()).toEqual({});
    expect(run.calls).toEqual([
      { token: "azuread:index/getGroup:getGroup", inputs: { objectId: existing, securityEnabled: true } },
    ]);
    expect(id).toBe(existing);
  });

  it("keeps the known members visible in a preview, beside a nested group that does not exist yet", async () => {
    const run = await runProgram(
      () => {
        new Teams("teams", { teams: { analysts: team({ members: ["mei.tanaka"] }) }, userPrincipalName });
      },
      { preview: true },
    );
    expect(run.find(GROUP, "analysts").inputs.members).toEqual(["person-mei.tanaka@contoso.com"]);
  });

  it("gives the ids of people by the names that settings use", async () => {
    let ids: string[] = [];
    await runProgram(async () => {
      const teams = new Teams("teams", { teams: { analysts: team({ members: ["mei.tanaka"] }) }, userPrincipalName });
      ids = await settled(teams.personIds(["mei.tanaka", "ana.lima"]));
    });
    expect(ids).toEqual(["person-mei.tanaka@contoso.com", "person-ana.lima@contoso.com"]);
  });
});

describe("creationOrder", () => {
  it("puts nested teams first, each once", () => {
    const teams = { a: team({ teams: ["b", "c"] }), b: team({ teams: ["c"] }), c: team() };
    expect(creationOrder(teams)).toEqual(["c", "b", "a"]);
  });

  it("refuses a circle and an unknown team", () => {
    const circle = { a: team({ teams: ["b"] }), b: team({ teams: ["a"] }) };
    expect(() => creationOrder(circle)).toThrow("Teams hold each other: a → b → a.");
    expect(() => creationOrder({ a: team({ teams: ["x"] }) })).toThrow(
      'Team "a" holds the team "x", which is not declared.',
    );
  });
});

describe("groupArgs", () => {
  it("refuses a team that nobody owns", () => {
    expect(() => groupArgs("analysts", team({ owners: [] }), [], [])).toThrow('Team "analysts" has no owner');
  });

  it("names the group after its key by default", () => {
    expect(groupArgs("analysts", team(), ["id"], []).displayName).toBe("analysts");
  });
});

describe("peopleOf", () => {
  it("names everybody once, in a stable order", () => {
    expect(peopleOf({ a: team({ members: ["zoe", "ana.lima"] }), b: team({ members: ["ben"] }) })).toEqual([
      "ana.lima",
      "ben",
      "zoe",
    ]);
  });
});
