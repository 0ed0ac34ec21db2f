import { describe, expect, it } from "vitest";
import { accessMatrix } from "./access.ts";
import { partnersOf } from "./partners.ts";
import { parseSettings } from "./settings/parse.ts";
import { sampleContract, sampleSettings, withChanges } from "./testing/sample.ts";

const contracts = [{ ...sampleContract(), partners: true }];
const acme = {
  displayName: "Acme",
  issuer: "https://acme.okta.com",
  tools: { charts: { clientId: "0oa1", access: { Viewer: ["acme-viewers"] } } },
};

function problems(partners: Record<string, unknown>, more: Record<string, unknown> = {}, known = contracts) {
  const parsed = parseSettings(withChanges({ partners, ...more }), known);
  return parsed.ok ? [] : parsed.problems.map(({ path, found }) => [path, found]);
}

describe("partnersOf", () => {
  it("gives a tool its partners with the defaults filled in", () => {
    expect(partnersOf(sampleSettings({ partners: { acme } }, contracts), "charts")).toEqual([
      {
        key: "acme",
        displayName: "Acme",
        issuer: "https://acme.okta.com",
        clientId: "0oa1",
        clientSecretName: "acme-charts-client-secret",
        groupsClaim: "groups",
        access: { Viewer: ["acme-viewers"] },
      },
    ]);
  });

  it("gives a tool that the partner does not name nothing", () => {
    expect(partnersOf(sampleSettings({ partners: { acme } }, contracts), "maps")).toEqual([]);
  });
});

describe("partners in the settings", () => {
  const at = (tools: object) => problems({ acme: { ...acme, tools } });

  it("never hold an admin role", () => {
    expect(at({ charts: { clientId: "0oa1", access: { Owner: ["acme-admins"] } } })).toEqual([
      ["partners.acme.tools.charts.access.Owner", "the admin role Owner"],
    ]);
  });

  it("hold roles and open tools that exist", () => {
    expect(at({ charts: { clientId: "0oa1", access: { Veiwer: [] } }, maps: { clientId: "x", access: {} } })).toEqual([
      ["partners.acme.tools.charts.access.Veiwer", 'the role "Veiwer"'],
      ["partners.acme.tools.maps", 'the tool "maps", which this environment does not have'],
    ]);
  });

  it("open only tools that can take a second provider", () => {
    expect(problems({ acme }, {}, [{ ...sampleContract(), partners: false }])).toEqual([
      ["partners.acme.tools.charts", "charts, which knows no identity provider but Entra"],
    ]);
  });

  it("have a provider of their own, which is not Entra", () => {
    const entra = { ...acme, issuer: "https://login.microsoftonline.com/9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10/v2.0" };
    expect(problems({ acme, umbrella: acme, fabrikam: entra })).toEqual([
      ["partners.umbrella.issuer", '"https://acme.okta.com", which acme has'],
      ["partners.fabrikam.issuer", `"${entra.issuer}", an Entra tenant`],
    ]);
  });

  it("do not bear the name of another provider", () => {
    expect(problems({ azure: acme })).toEqual([
      ["partners.azure", 'the key "azure", which tools use for Entra and for programs'],
    ]);
  });

  it("are written without a slash at the end, as the tokens say it", () => {
    expect(problems({ acme: { ...acme, issuer: "https://acme.okta.com/" } })).toEqual([
      ["partners.acme.issuer", '"https://acme.okta.com/"'],
    ]);
  });

  it("bring people in a sandbox only", () => {
    const people = { kai: { displayName: "Kai Larsen", mail: "kai@acme.com" } };
    const prod = { environment: "dev", people: undefined };
    expect(problems({ acme: { ...acme, people } }, prod)).toEqual([
      ["partners.acme.people", 'people in the environment "dev"'],
    ]);
  });
});

describe("partners' people in the access matrix", () => {
  it("hold the roles of their groups and nothing beside", () => {
    const person = (more: object) => ({ displayName: "Kai Larsen", mail: "kai@acme.com", ...more });
    const people = {
      kai: person({ groups: ["acme-viewers"] }),
      lea: person({ groups: ["acme-sales"] }),
      out: person({ groups: ["acme-viewers"], enabled: false }),
    };
    const matrix = accessMatrix(sampleSettings({ partners: { acme: { ...acme, people } } }, contracts), contracts);
    expect(
      matrix.people.filter(({ partner }) => partner === "acme").map((one) => [one.id, one.access, one.denied]),
    ).toEqual([
      ["kai@acme", [{ tool: "charts", role: "Viewer", via: ["acme-viewers"] }], []],
      ["lea@acme", [], [{ tool: "charts", reason: "in no group of Acme that has a role" }]],
      ["out@acme", [], [{ tool: "charts", reason: "account is disabled" }]],
    ]);
  });
});
