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
const PROXY = { image: "contoso.azurecr.io/oauth2-proxy:7.15.3", redis: { host: "proxy.redis.cache.windows.net" } };
const settingsWith = (one = contract) => sampleSettings({ partners }, [one]);

describe("partners' tools", () => {
  it("have the redirect URI that the contract gives for the partner", () => {
    expect(partnerTools(settingsWith(), [contract as never])).toMatchObject([
      {
        id: "charts",
        entrances: [
          {
            redirectUri: "https://charts.data.contoso.com/back/acme",
            scopes: ["openid", "profile", "email", "groups"],
          },
        ],
        partner: { key: "acme", clientId: "0oa1", clientSecretName: "acme-charts-client-secret" },
      },
    ]);
  });

  it("come in by the proxy's gates where it stands in front, one for each role", () => {
    const proxied = { ...contract, proxied: () => true };
    const access = { Viewer: ["acme-viewers"], Editor: ["acme-editors"] };
    const two = { acme: { ...partners.acme, tools: { charts: { clientId: "0oa1", access } } } };
    const roles = () => [
      ...sampleContract().roles(settingsWith().tools.charts as never),
      { value: "Editor", displayName: "Editor", description: "Edits.", admin: false, toolRoles: ["editor"] },
    ];
    const settings = sampleSettings({ partners: two, proxy: PROXY }, [{ ...proxied, roles }] as never);
    expect(partnerTools(settings, [{ ...proxied, roles }] as never)[0]?.entrances).toEqual([
      {
        redirectUri: "https://charts-acme-viewer.data.contoso.com/oauth2/callback",
        scopes: ["openid", "profile", "email", "groups", "offline_access"],
        account: "charts-proxy-acme-viewer",
        role: "Viewer",
      },
      {
        redirectUri: "https://charts-acme-editor.data.contoso.com/oauth2/callback",
        scopes: ["openid", "profile", "email", "groups", "offline_access"],
        account: "charts-proxy-acme-editor",
        role: "Editor",
      },
    ]);
  });

  it("are none where nothing takes a partner's codes", () => {
    const { partnerCallback, ...without } = contract;
    expect(partnerTools(settingsWith(), [without as never])).toEqual([]);
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
