import { describe, expect, it } from "vitest";
import { sampleContract, sampleSettings } from "../model/testing/sample.ts";
import { partnerProviders, partnerTools } from "./partners.ts";
import { partnerPerson } from "./sign-in/partner-way.ts";

const contract = {
  ...sampleContract(),
  partners: true,
  partnerCallback: (_settings: unknown, partner: string) => ({ path: `/back/${partner}` }),
};
const partners = {
  acme: {
    displayName: "Acme",
    issuer: "https://acme.okta.com",
    tools: { charts: { clientId: "0oa1", access: { Viewer: ["acme-viewers"] } } },
    people: {
      "kai.larsen": { displayName: "Kai Larsen", mail: "kai@acme.com", groups: ["acme-viewers"] },
      "lou.gone": { displayName: "Lou Gone", mail: "lou@acme.com", enabled: false },
    },
  },
};
const settingsWith = (one = contract) => sampleSettings({ partners }, [one]);

describe("partners' tools", () => {
  it("have the redirect URI that the contract gives for the partner", () => {
    expect(partnerTools(settingsWith(), [contract as never])).toMatchObject([
      {
        id: "charts",
        redirectUri: "https://charts.data.contoso.com/back/acme",
        partner: { key: "acme", clientId: "0oa1", clientSecretName: "acme-charts-client-secret" },
      },
    ]);
  });

  it("may take codes on another host", () => {
    const proxied = { ...contract, partnerCallback: () => ({ host: "acme-charts.data.contoso.com", path: "/cb" }) };
    expect(partnerTools(settingsWith(proxied), [proxied as never])[0]?.redirectUri).toBe(
      "https://acme-charts.data.contoso.com/cb",
    );
  });

  it("become clients of the provider that the sandbox plays, beside its people", () => {
    expect(partnerProviders(settingsWith(), [contract as never])).toEqual([
      {
        key: "acme",
        displayName: "Acme",
        issuer: "https://acme.okta.com",
        groupsClaim: "groups",
        people: [
          {
            key: "kai.larsen",
            displayName: "Kai Larsen",
            mail: "kai@acme.com",
            groups: ["acme-viewers"],
            enabled: true,
          },
          { key: "lou.gone", displayName: "Lou Gone", mail: "lou@acme.com", groups: [], enabled: false },
        ],
        clients: [{ tool: "charts", clientId: "0oa1", redirectUris: ["https://charts.data.contoso.com/back/acme"] }],
      },
    ]);
  });
});

describe("a partner's person", () => {
  it.each([
    ["kai.larsen@acme", { partner: "acme", name: "kai@acme.com" }],
    ["somebody@acme", { partner: "acme", name: "somebody" }],
    ["ana.lima", undefined],
    ["ana.lima@contoso.com", undefined],
    ["@acme", undefined],
    ["kai@toString", undefined],
  ])("is named with the partner's key: %s", (name, person) => {
    expect(partnerPerson(settingsWith(), name)).toEqual(person);
  });
});
