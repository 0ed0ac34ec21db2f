import { describe, expect, it } from "vitest";
import { sampleContract, sampleSettings } from "../testing/sample.ts";
import { accessDifference, gainsPrivilege } from "./difference.ts";
import { accessState, NO_ACCESS } from "./state.ts";
import { NO_DIFFERENCE } from "./testing.ts";

const image = "contoso.azurecr.io/charts:2.0.0";
const contracts = [sampleContract(), sampleContract("other")];
const people = {
  ana: { displayName: "Ana Lima" },
  jon: { displayName: "Jon Berg" },
  mei: { displayName: "Mei Tanaka" },
};
const TEAMS = {
  admins: { privileged: true, owners: ["ana"], members: ["ana"] },
  viewers: { displayName: "Viewers", owners: ["ana"], members: ["jon"] },
};
const TOOLS = { charts: { image, access: { Owner: ["admins"], Viewer: ["viewers"] } } };
function state(changes: Record<string, unknown> = {}) {
  return accessState(sampleSettings({ people, teams: TEAMS, tools: TOOLS, ...changes }, contracts), contracts);
}

/** What changes when these top-level keys change. */
function changed(changes: Record<string, unknown>) {
  return accessDifference(state(), state(changes));
}

const VIEWER = { tool: "charts", role: "Viewer", admin: false, guest: false };
const OWNER = { tool: "charts", role: "Owner", admin: true, guest: false };
const MEI = { person: "mei", displayName: "Mei Tanaka" };

describe("accessDifference", () => {
  it("is empty for the same settings", () => {
    expect(changed({})).toEqual(NO_DIFFERENCE);
  });

  it("says who joins a team, and which role that gives", () => {
    const teams = { ...TEAMS, viewers: { ...TEAMS.viewers, members: ["jon", "mei"] } };
    expect(changed({ teams })).toEqual({
      ...NO_DIFFERENCE,
      gained: [{ ...MEI, ...VIEWER, via: ["viewers"], because: [{ kind: "membership", team: "viewers" }] }],
    });
  });

  it("puts admin roles first, whatever stands first in the settings", () => {
    const teams = {
      viewers: { ...TEAMS.viewers, members: ["jon", "mei"] },
      admins: { ...TEAMS.admins, members: ["ana", "mei"] },
    };
    const tools = { charts: { image, access: { Viewer: ["viewers"], Owner: ["admins"] } } };
    const difference = changed({ teams, tools });
    expect(difference.gained.map(({ role }) => role)).toEqual(["Owner", "Viewer"]);
    expect(gainsPrivilege(difference)).toBe(true);
    const back = accessDifference(state({ teams, tools }), state());
    expect(back.lost.map(({ role }) => role)).toEqual(["Owner", "Viewer"]);
    expect(gainsPrivilege(back)).toBe(false);
  });

  it("gives the disabled account as the reason, and nothing about teams", () => {
    const difference = changed({ people: { ...people, jon: { ...people.jon, enabled: false } } });
    expect(difference.lost).toMatchObject([{ person: "jon", role: "Viewer", because: [{ kind: "account" }] }]);
    expect(difference.people).toEqual({ ...NO_DIFFERENCE.people, disabled: ["jon"] });
  });

  it("tells new and missing people apart from teams' changes", () => {
    const teams = { ...TEAMS, viewers: { ...TEAMS.viewers, members: ["noah"] } };
    const { jon: _, ...rest } = people;
    const difference = changed({ people: { ...rest, noah: { displayName: "Noah Fischer" } }, teams });
    expect(difference.people).toEqual({ added: ["noah"], removed: ["jon"], enabled: [], disabled: [] });
    expect(difference.gained).toMatchObject([{ person: "noah", because: [{ kind: "person", team: "viewers" }] }]);
    expect(difference.lost).toMatchObject([{ person: "jon", because: [{ kind: "person", team: "viewers" }] }]);
  });

  it("speaks of membership where the settings hold no people, since a name there is no new person", () => {
    const bare = (members: string[]) =>
      state({ environment: "dev", people: undefined, teams: { ...TEAMS, viewers: { ...TEAMS.viewers, members } } });
    expect(accessDifference(bare(["jon"]), bare(["jon", "mei"])).gained).toMatchObject([
      { person: "mei", because: [{ kind: "membership", team: "viewers" }] },
    ]);
  });

  it("says that a team gets a role, or is new itself", () => {
    const tools = { charts: { image, access: { Owner: ["admins"], Viewer: ["viewers", "admins", "fresh"] } } };
    const teams = { ...TEAMS, fresh: { owners: ["ana"], members: ["mei"] } };
    expect(changed({ teams, tools }).gained).toMatchObject([
      { person: "ana", because: [{ kind: "grant", team: "admins" }] },
      { person: "mei", because: [{ kind: "team", team: "fresh" }] },
    ]);
  });

  it("calls a tool that comes by its name, and counts its roles as gained", () => {
    const tools = { ...TOOLS, other: { image: "contoso.azurecr.io/other:2.0.0", access: { Viewer: ["viewers"] } } };
    const difference = changed({ tools });
    expect(difference.tools).toEqual({ added: ["other"], removed: [], renamed: [] });
    expect(difference.gained).toMatchObject([{ person: "jon", tool: "other", because: [{ kind: "tool" }] }]);
  });

  it("sees a renamed tool in one that goes while another with the same roles comes", () => {
    const tools = { other: { image: "contoso.azurecr.io/other:2.0.0", access: TOOLS.charts.access } };
    const difference = changed({ tools });
    expect(difference.tools).toEqual({ added: [], removed: [], renamed: [{ from: "charts", to: "other" }] });
    expect(difference.gained).toHaveLength(2);
    expect(difference.lost).toHaveLength(2);
  });

  it("knows that a renamed team is the same people: they go on holding their role through it", () => {
    const { viewers, ...rest } = TEAMS;
    const tools = { charts: { image, access: { Owner: ["admins"], Viewer: ["readers"] } } };
    expect(changed({ teams: { ...rest, readers: { ...viewers, displayName: "Readers" } }, tools })).toEqual({
      ...NO_DIFFERENCE,
      via: [{ person: "jon", tool: "charts", role: "Viewer", admin: false, before: ["viewers"], after: ["readers"] }],
      teams: {
        added: [],
        removed: [],
        renamed: [{ from: { key: "viewers", displayName: "Viewers" }, to: { key: "readers", displayName: "Readers" } }],
      },
    });
  });

  it("does not guess which of two equal teams was renamed", () => {
    const twins = { one: { owners: ["ana"], members: ["jon"] }, two: { owners: ["ana"], members: ["jon"] } };
    const difference = accessDifference(
      state({ teams: { ...TEAMS, ...twins } }),
      state({ teams: { ...TEAMS, three: twins.one } }),
    );
    expect(difference.teams).toEqual({ added: ["three"], removed: ["one", "two"], renamed: [] });
  });

  it("says when a team has another name in Entra", () => {
    const teams = { ...TEAMS, viewers: { ...TEAMS.viewers, displayName: "Everybody who looks" } };
    expect(changed({ teams })).toEqual({
      ...NO_DIFFERENCE,
      teams: {
        ...NO_DIFFERENCE.teams,
        renamed: [
          {
            from: { key: "viewers", displayName: "Viewers" },
            to: { key: "viewers", displayName: "Everybody who looks" },
          },
        ],
      },
    });
  });

  it("names groups whose members are not known, and counts no people for them", () => {
    const objectId = "3f0c6a3e-5d0a-4b6f-9c1e-2f7a0d8b4c55";
    const teams = { ...TEAMS, sales: { existing: objectId, privileged: true } };
    const tools = { charts: { image, access: { Owner: ["admins", "sales"], Viewer: ["viewers"] } } };
    const difference = changed({ teams, tools });
    expect(difference).toEqual({
      ...NO_DIFFERENCE,
      groups: {
        gained: [
          { team: "sales", members: { kind: "existing", objectId }, tool: "charts", role: "Owner", admin: true },
        ],
        lost: [],
      },
      teams: { ...NO_DIFFERENCE.teams, added: ["sales"] },
    });
    expect(gainsPrivilege(difference)).toBe(true);
  });

  it("tells another rule where only Entra knows whom it finds", () => {
    const rule = (department: string) => `user.department -eq "${department}"`;
    const bare = (department: string) =>
      state({
        environment: "dev",
        people: undefined,
        teams: { ...TEAMS, viewers: { owners: ["ana"], rule: rule(department) } },
      });
    expect(accessDifference(bare("Sales"), bare("Legal")).groups).toEqual({
      gained: [{ team: "viewers", members: { kind: "rule", rule: rule("Legal") }, ...unguarded(VIEWER) }],
      lost: [{ team: "viewers", members: { kind: "rule", rule: rule("Sales") }, ...unguarded(VIEWER) }],
    });
  });

  it("does not say that somebody leaves a team whose members nobody here knows any more", () => {
    const teams = { ...TEAMS, viewers: { existing: "3f0c6a3e-5d0a-4b6f-9c1e-2f7a0d8b4c55" } };
    expect(changed({ teams }).lost).toMatchObject([{ person: "jon", because: [{ kind: "unknown", team: "viewers" }] }]);
  });

  it("says who may now change the members of a team with an admin role", () => {
    const teams = { ...TEAMS, admins: { ...TEAMS.admins, owners: ["mei"] } };
    expect(changed({ teams })).toEqual({
      ...NO_DIFFERENCE,
      owners: {
        gained: [{ person: "mei", team: "admins", admin: true }],
        lost: [{ person: "ana", team: "admins", admin: true }],
      },
    });
  });

  it("counts a role that becomes an admin role as gained", () => {
    const plain = sampleContract();
    const before = accessState(sampleSettings({ people, teams: TEAMS, tools: TOOLS }, [plain]), [
      { ...plain, roles: () => plain.roles(undefined as never).map((role) => ({ ...role, admin: false })) },
    ]);
    const difference = accessDifference(before, state());
    expect(difference.gained).toMatchObject([{ person: "ana", ...OWNER, because: [{ kind: "role" }] }]);
    expect(difference.lost).toMatchObject([{ person: "ana", ...OWNER, admin: false, because: [{ kind: "role" }] }]);
  });

  it("takes a new environment as everything gained", () => {
    const difference = accessDifference(NO_ACCESS, state());
    expect(difference.gained.map(({ person, role }) => `${person} ${role}`)).toEqual(["ana Owner", "jon Viewer"]);
    expect(difference.tools.added).toEqual(["charts"]);
  });
});

describe("partners", () => {
  const partners = (
    access: string[],
    more: object = { people: { kai: { displayName: "Kai Larsen", mail: "kai@acme.com", groups: ["dashboards"] } } },
  ) => ({
    acme: {
      displayName: "Acme",
      issuer: "https://acme.okta.com",
      tools: { charts: { clientId: "0oa1", access: { Viewer: access } } },
      ...more,
    },
  });
  const open = { ...sampleContract(), partners: true, partnerCallback: () => ({ path: "/partner" }) };
  const side = (of: object) =>
    accessState(sampleSettings({ people, teams: TEAMS, tools: TOOLS, partners: of }, [open]), [open]);

  it("have people of their own, by the groups of their provider", () => {
    const difference = accessDifference(side(partners(["others"])), side(partners(["dashboards"])));
    expect(difference.gained).toEqual([
      {
        ...VIEWER,
        person: "kai@acme",
        displayName: "Kai Larsen",
        partner: "acme",
        via: ["dashboards"],
        because: [{ kind: "grant", team: "dashboards" }],
      },
    ]);
  });

  it("are named by their groups where nobody knows the people", () => {
    const difference = accessDifference(side(partners(["others"], {})), side(partners(["dashboards"], {})));
    const group = (name: string) => ({
      team: name,
      members: { kind: "partner", partner: "acme", group: name },
      ...unguarded(VIEWER),
    });
    expect(difference.groups).toEqual({ gained: [group("dashboards")], lost: [group("others")] });
    expect(difference.gained).toEqual([]);
  });
});

/** A role as groups hold it. */
function unguarded({ tool, role, admin }: typeof VIEWER) {
  return { tool, role, admin };
}
