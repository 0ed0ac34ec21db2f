import { describe, expect, it } from "vitest";
import type { ToolRole } from "../../../model/tool-contract.ts";
import { partnerHosts, partnerSecrets, partnerSettings } from "./partners.ts";
import { acme } from "./tests/partner.ts";

const role = (value: string, toolRoles: string[], more: Partial<ToolRole> = {}): ToolRole => ({
  value,
  displayName: value,
  description: value,
  admin: false,
  toolRoles,
  ...more,
});
const roles = [
  role("Admin", ["Admin"], { admin: true }),
  role("Alpha", ["Alpha", "sql_lab"]),
  role("Gamma", ["Gamma"]),
  role("trigger-Op", ["Op"], { holders: ["Application"] }),
];

describe("partnerSettings", () => {
  it("turns roles with groups into groups with the tool's roles, each once", () => {
    const access = { Gamma: ["viewers", "editors"], Alpha: ["editors"] };
    expect(partnerSettings([acme({ access })], roles)).toEqual([
      {
        key: "acme",
        displayName: "Acme",
        issuer: "https://acme.okta.com",
        clientId: "0oa1acmesuperset",
        groupsClaim: "groups",
        roles: { viewers: ["Gamma"], editors: ["Gamma", "Alpha", "sql_lab"] },
      },
    ]);
  });

  it.each([
    ["an admin role", { access: { Admin: ["admins"] } }, 'the admin role "Admin", which a partner never holds'],
    ["a role that is not there", { access: { Editor: ["a"] } }, 'the role "Editor", which people cannot hold'],
    ["a role for programs", { access: { "trigger-Op": ["a"] } }, 'the role "trigger-Op", which people cannot hold'],
    ["the key of Entra's provider", { key: "azure" }, '"azure" cannot be a partner\'s key'],
    ["the key of applications", { key: "application" }, '"application" cannot be a partner\'s key'],
  ])("refuses %s", (_, changes, message) => {
    expect(() => partnerSettings([acme(changes)], roles)).toThrow(message);
  });
});

describe("a partner's secret and host", () => {
  it("are a mounted file whose version is not known here, and the issuer's host, once", () => {
    expect(partnerSecrets([acme()])).toEqual([
      { secretName: "acme-superset-client-secret", file: "partner-acme-client-secret", version: "external" },
    ]);
    expect(partnerHosts([acme(), acme({ key: "b", issuer: "https://acme.okta.com/oauth2/default" })])).toEqual([
      "acme.okta.com",
    ]);
  });
});
