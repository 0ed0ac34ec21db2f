import { describe, expect, it } from "vitest";
import { sampleContract, sampleSettings } from "../testing/sample.ts";
import { accessReport } from "./report.ts";

const contracts = [sampleContract()];
const now = new Date("2026-11-28T06:00:00Z");
const image = "contoso.azurecr.io/charts:2.0.0";

const people = {
  ana: { displayName: "Ana Lima" },
  jon: { displayName: "Jon Berg", enabled: false },
  mei: { displayName: "Mei Tanaka" },
  omar: { displayName: "Omar Haddad" },
  zoe: { displayName: "Zoé Martin" },
  gil: { displayName: "Gil Costa", guest: true, mail: "gil@fabrikam.com" },
  ivo: { displayName: "Ivo Brandt" },
};
const teams = {
  admins: { privileged: true, owners: ["ana", "ivo"], members: ["ana", "jon"] },
  viewers: { owners: ["ana"], members: ["omar", "mei"], teams: ["interns"] },
  interns: { owners: ["ana"], members: ["zoe"] },
  invited: { owners: ["ana"], members: ["gil"] },
};
const access = { Owner: ["admins"], Viewer: ["viewers", "invited"] };
const company = { people, teams, tools: { charts: { image, access } } };

function reportOf(changes: Record<string, unknown> = {}) {
  return accessReport(sampleSettings({ ...company, ...changes }), contracts, now);
}

const names = (group: { people: readonly { displayName: string }[] } | undefined) =>
  group?.people.map(({ displayName }) => displayName);

describe("the access report", () => {
  it("counts everybody once", () => {
    expect(reportOf().numbers).toEqual({
      people: 7,
      peopleWithAccess: 4,
      privilegedPeople: 1,
      disabled: 1,
      guests: 1,
      guestsWithAccess: 1,
      partnerPeople: 0,
      partnerPeopleWithAccess: 0,
      tools: 1,
      teams: 4,
    });
  });

  it("puts people with the same access together, administrators first, guests apart", () => {
    const { people: groups, guests } = reportOf();
    expect(groups.map(names)).toEqual([["Ana Lima"], ["Mei Tanaka", "Omar Haddad"]]);
    expect(groups[0]?.access).toEqual([{ tool: "charts", role: "Owner", admin: true, via: ["admins"] }]);
    expect(guests.map(names)).toEqual([["Gil Costa"]]);
  });

  it("has every person exactly once: with access or without", () => {
    const { people: groups, guests, without } = reportOf();
    const everybody = [...groups, ...guests, ...without].flatMap((group) => names(group) ?? []);
    expect(everybody.sort()).toEqual(
      Object.values(people)
        .map(({ displayName }) => displayName)
        .sort(),
    );
  });

  it("says why people have nothing, and leaves the ordinary reason to the end", () => {
    expect(
      reportOf().without.map(({ reasons, people: some }) => [names({ people: some }), reasons[0]?.reason]),
    ).toEqual([
      [["Jon Berg"], "account is disabled"],
      [["Zoé Martin"], "member of interns, which is nested in viewers: Entra assigns app roles to direct members only"],
      [["Ivo Brandt"], "not in any team with a role in Charts (owns admins, but owning a team gives no role)"],
    ]);
    const { without } = reportOf({ people: { ...people, pia: { displayName: "Pia Nova" } } });
    expect(without.at(-1)).toMatchObject({
      reasons: [{ reason: "in no team that has a role in any tool", tools: [] }],
    });
    expect(names(without.at(-1))).toEqual(["Pia Nova"]);
  });

  it("names the holders of admin roles with the teams and their owners", () => {
    const [role] = reportOf().privileged;
    expect(role).toMatchObject({ tool: "charts", role: "Owner", displayName: "Charts owner" });
    expect(role?.holders).toMatchObject([{ person: { id: "ana" }, via: ["admins"] }]);
    expect(role?.teams).toMatchObject([
      { key: "admins", owners: [{ id: "ana" }, { id: "ivo", displayName: "Ivo Brandt" }] },
    ]);
  });

  it("begins with what deserves a look", () => {
    const { attention } = reportOf();
    expect(attention.map(({ text }) => text)).toEqual([
      "1 disabled account still stands in a team by name: Jon Berg (admins). It opens nothing until somebody enables it again.",
      "Ivo Brandt can put anybody into admins, which gives an admin role, without being in it.",
      expect.stringMatching(/^\d+ of \d+ Conditional Access policies only report and stop nobody\.$/),
      "1 guest has access.",
    ]);
  });

  it("says of whom nothing is known, where the settings name a group or a rule and no people", () => {
    const report = reportOf({
      environment: "prod",
      people: undefined,
      teams: {
        admins: { existing: "3f0c6a3e-5d0a-4b6f-9c1e-2f7a0d8b4c55", privileged: true },
        viewers: { owners: ["ana"], rule: 'user.department -eq "Analytics"' },
        invited: { owners: ["ana"], members: ["gil"] },
      },
      tools: { charts: { image: `${image}@sha256:${"a".repeat(64)}`, access } },
    });
    expect(report.knowsPeople).toBe(false);
    expect(report.unknown.map(({ key, kind, members }) => [key, kind, members])).toEqual([
      ["admins", "existing", undefined],
      ["viewers", "rule", undefined],
    ]);
    expect(report.attention[0]).toEqual({
      text: "admins gives an admin role, and only Entra knows who is in it.",
      section: "privileged",
    });
    expect(report.tools[0]?.roles[0]).toMatchObject({ value: "Owner", people: 0, unknownTeams: ["admins"] });
  });

  it("tells tools with a secret from tools without, and reckons the calendar for the given moment", () => {
    const secretless = reportOf().credentials;
    expect(secretless).toMatchObject({ withSecret: [], secretless: ["charts"] });
    const old = { ...company.tools.charts, version: "1.5.0" };
    const { credentials, attention } = reportOf({ tools: { charts: old } });
    expect(credentials).toMatchObject({
      withSecret: ["charts"],
      secrets: [
        { slot: "a", current: false, endDate: "2026-12-27T00:00:00Z", daysLeft: 28 },
        { slot: "b", current: true, endDate: "2027-02-10T00:00:00Z", daysLeft: 73 },
      ],
      next: { startDate: "2026-12-27T00:00:00Z", endDate: "2027-03-27T00:00:00Z" },
    });
    expect(attention.at(-1)?.text).toContain(
      "charts needs a secret; the older of its two is to be replaced on 2026-12-27",
    );
  });

  it("tells enforced policies from those that only report, and says what is switched off and why", () => {
    const { conditionalAccess } = reportOf({
      conditionalAccess: {
        state: "report-only",
        breakGlass: ["bg-1", "bg-2"],
        baseline: {
          mfa: { state: "enforced" },
          "user-risk": { state: "off", reason: "No Entra ID P2 licence" },
        },
      },
      people: { ...people, "bg-1": { displayName: "Bg 1" }, "bg-2": { displayName: "Bg 2" } },
    });
    const [group] = conditionalAccess.groups;
    expect(group?.tools).toEqual(["charts"]);
    const mfa = group?.policies.find(({ state }) => state === "enforced");
    expect(mfa).toEqual({
      title: "Multifactor authentication for everybody in the company",
      state: "enforced",
      who: "everybody except guests",
      when: [],
      demands: ["multifactor authentication"],
      otherApplications: [],
    });
    expect(conditionalAccess.enforced).toBe(1);
    expect(conditionalAccess.reportOnly).toBe((group?.policies.length ?? 0) - 1);
    expect(conditionalAccess.absent).toContainEqual({ name: "user-risk", why: "No Entra ID P2 licence" });
    expect(conditionalAccess.absent).toContainEqual({
      name: "countries",
      why: "nothing for it to do under these settings",
    });
  });

  it("is the same for the same settings and moment", () => {
    expect(JSON.stringify(reportOf())).toBe(JSON.stringify(reportOf()));
  });
});
