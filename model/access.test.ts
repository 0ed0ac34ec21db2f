import { describe, expect, it } from "vitest";
import { accessMatrix } from "./access.ts";
import { sampleContract, sampleSettings } from "./testing/sample.ts";

const image = "contoso.azurecr.io/charts:2.0.0";
const contracts = [sampleContract()];

/** The matrix of some teams and people, with Charts open to the teams that `access` names. */
function matrixOf(teams: object, people: object | undefined, access: object, more: Record<string, unknown> = {}) {
  return accessMatrix(sampleSettings({ teams, people, tools: { charts: { image, access } }, ...more }), contracts);
}

function denied(matrix: ReturnType<typeof accessMatrix>, id: string) {
  return matrix.people.find((person) => person.id === id)?.denied;
}

const people = {
  ana: { displayName: "Ana Lima", department: "Analytics" },
  jon: { displayName: "Jon Berg" },
  eva: { displayName: "Eva Lindqvist", enabled: false, department: "Analytics" },
};

describe("accessMatrix", () => {
  it("has the shape that the command prints", () => {
    const matrix = matrixOf(
      { viewers: { owners: ["ana"], members: ["ana"] } },
      { ana: people.ana, jon: people.jon },
      { Viewer: ["viewers"] },
    );
    expect(matrix).toEqual({
      tools: [
        {
          id: "charts",
          url: "https://charts.data.contoso.com",
          roles: [
            { value: "Owner", displayName: "Charts owner", admin: true },
            { value: "Viewer", displayName: "Charts viewer", admin: false },
          ],
        },
      ],
      people: [
        {
          id: "ana",
          displayName: "Ana Lima",
          upn: "ana@contoso.com",
          enabled: true,
          guest: false,
          access: [{ tool: "charts", role: "Viewer", via: ["viewers"] }],
          denied: [],
        },
        {
          id: "jon",
          displayName: "Jon Berg",
          upn: "jon@contoso.com",
          enabled: true,
          guest: false,
          access: [],
          denied: [{ tool: "charts", reason: "not in any team with a role in Charts" }],
        },
      ],
    });
  });

  it("names every team that gives a role, and every role", () => {
    const teams = {
      admins: { privileged: true, owners: ["ana"], members: ["ana"] },
      viewers: { owners: ["ana"], members: ["ana"] },
      readers: { owners: ["ana"], members: ["ana@contoso.com"] },
    };
    const [ana] = matrixOf(teams, people, { Owner: ["admins"], Viewer: ["viewers", "readers"] }).people;
    expect(ana?.access).toEqual([
      { tool: "charts", role: "Owner", via: ["admins"] },
      { tool: "charts", role: "Viewer", via: ["viewers", "readers"] },
    ]);
  });

  it("fills dynamic teams by their rule, and shows a disabled account no access", () => {
    const teams = { analysts: { owners: ["jon"], rule: 'user.department -eq "Analytics"' } };
    const matrix = matrixOf(teams, people, { Viewer: ["analysts"] });
    expect(matrix.people[0]?.access).toEqual([{ tool: "charts", role: "Viewer", via: ["analysts"] }]);
    expect(matrix.people[2]).toMatchObject({ id: "eva", enabled: false, access: [] });
    expect(denied(matrix, "eva")).toEqual([{ tool: "charts", reason: "account is disabled" }]);
  });

  it("says who is reached through nesting only, however deep, and lets direct membership win", () => {
    const teams = {
      analysts: { owners: ["ana"], members: ["ana"], teams: ["interns"] },
      interns: { owners: ["ana"], members: ["ana"], teams: ["summer"] },
      summer: { owners: ["ana"], members: ["jon"] },
    };
    const matrix = matrixOf(teams, people, { Viewer: ["analysts"] });
    expect(denied(matrix, "jon")).toEqual([
      {
        tool: "charts",
        reason:
          "member of summer, which is nested in interns, which is nested in analysts: Entra assigns app roles to direct members only",
      },
    ]);
    expect(denied(matrix, "ana")).toEqual([]);
  });

  it("says that owning a team gives no role", () => {
    const teams = { viewers: { owners: ["jon"], members: ["ana"] } };
    expect(denied(matrixOf(teams, people, { Viewer: ["viewers"] }), "jon")).toEqual([
      {
        tool: "charts",
        reason: "not in any team with a role in Charts (owns viewers, but owning a team gives no role)",
      },
    ]);
  });

  it("keeps break-glass accounts out", () => {
    const teams = { viewers: { owners: ["ana"], members: ["ana"] } };
    const matrix = matrixOf(teams, people, { Viewer: ["viewers"] }, { conditionalAccess: { breakGlass: ["jon"] } });
    expect(denied(matrix, "jon")).toEqual([
      { tool: "charts", reason: "break-glass account: holds no role in any tool" },
    ]);
  });

  it("without people, lists whom the settings name, each once, and says what only Entra knows", () => {
    const teams = {
      admins: { privileged: true, owners: ["ana"], members: ["ana", "Ana@contoso.com"] },
      analysts: { owners: ["jon"], rule: 'user.department -eq "Analytics"' },
      sales: { existing: "3f0c6a3e-5d0a-4b6f-9c1e-2f7a0d8b4c55" },
      partners: { owners: ["ana"], members: ["mira_fabrikam.com#EXT#@contoso.onmicrosoft.com"] },
    };
    const access = { Owner: ["admins"], Viewer: ["analysts", "sales", "partners"] };
    const more = { environment: "dev", conditionalAccess: { breakGlass: ["breakglass-1"] } };
    const matrix = matrixOf(teams, undefined, access, more);
    expect(matrix.people.map(({ id, guest, access }) => [id, guest, access.map(({ role }) => role)])).toEqual([
      ["ana", false, ["Owner"]],
      ["jon", false, []],
      ["mira_fabrikam.com#EXT#@contoso.onmicrosoft.com", true, ["Viewer"]],
      ["breakglass-1", false, []],
    ]);
    expect(denied(matrix, "jon")).toEqual([
      {
        tool: "charts",
        reason: "not in any team with a role in Charts by name; only Entra knows who is in analysts, sales",
      },
    ]);
  });

  it("leaves out tools that the environment does not have", () => {
    const settings = sampleSettings({ tools: {} });
    expect(accessMatrix(settings, contracts)).toMatchObject({ tools: [], people: [{ access: [], denied: [] }, {}] });
  });
});

describe("a platform that resolves nesting", () => {
  it("gives roles to members of nested teams too, and says through which team", () => {
    const nesting = [{ ...sampleContract(), membership: "transitive" as const }];
    const teams = {
      viewers: { owners: ["jon"], members: [], teams: ["interns"] },
      interns: { owners: ["jon"], members: ["ana"] },
    };
    const settings = sampleSettings({ teams, people, tools: { charts: { image, access: { Viewer: ["viewers"] } } } });
    const [ana, jon] = accessMatrix(settings, nesting).people;
    expect(ana?.access).toEqual([{ tool: "charts", role: "Viewer", via: ["viewers"] }]);
    expect(jon?.access).toEqual([]);
  });
});

describe("a platform that refuses guests", () => {
  it("gives them nothing, whatever their teams hold", () => {
    const refusing = [{ ...sampleContract(), guests: "refused" as const }];
    const guest = { displayName: "Mira Holt", guest: true, mail: "mira@fabrikam.com" };
    const teams = { viewers: { owners: ["jon"], members: ["mira", "jon"] } };
    const tools = { charts: { image, access: { Viewer: ["viewers"] } } };
    const [mira, jon] = accessMatrix(
      sampleSettings({ teams, people: { mira: guest, jon: people.jon }, tools }),
      refusing,
    ).people;
    expect(mira?.denied).toEqual([{ tool: "charts", reason: "guest: Charts takes people of its own tenant only" }]);
    expect(jon?.access).toHaveLength(1);
  });
});

describe("the tools of the matrix", () => {
  it("carry remarks, and no roles that only programs can hold", () => {
    const contract = {
      ...sampleContract(),
      remarks: () => ["People sign in twice."],
      roles: () => [
        ...sampleContract().roles({} as never),
        { value: "trigger", displayName: "T", description: "T", admin: false, toolRoles: [], holders: ["Application"] },
      ],
    } as unknown as ReturnType<typeof sampleContract>;
    const [tool] = accessMatrix(sampleSettings(), [contract]).tools;
    expect(tool?.remarks).toEqual(["People sign in twice."]);
    expect(tool?.roles.map(({ value }) => value)).toEqual(["Owner", "Viewer"]);
  });
});
