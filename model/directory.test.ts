import { describe, expect, it } from "vitest";
import { directoryPeople, userPrincipalName } from "./directory.ts";
import { sampleSettings } from "./testing/sample.ts";

const mira = {
  displayName: "Mira van der Holt",
  guest: true,
  mail: "mira.holt@fabrikam.com",
  homeTenant: "5e3f9a70-8a64-4f4e-9d6b-6a1f4ce0b7aa",
};
const settings = sampleSettings({
  people: {
    "ana.lima": { displayName: "Ana Lima", jobTitle: "Lead" },
    "jon.berg": {
      displayName: "Jon Berg",
      upn: "jb@contoso.com",
      mail: "jon@contoso.com",
      enabled: false,
      givenName: "Jonathan",
    },
    "mira.holt": mira,
    breakglass: { displayName: "Emergency" },
  },
});

describe("userPrincipalName", () => {
  it.each([
    ["ana.lima", "ana.lima@contoso.com"],
    ["jon.berg", "jb@contoso.com"],
    ["mira.holt", "mira.holt_fabrikam.com#EXT#@contoso.onmicrosoft.com"],
    ["Someone@fabrikam.com", "Someone@fabrikam.com"],
    ["not.in.people", "not.in.people@contoso.com"],
  ])("of %s is %s", (entry, expected) => {
    expect(userPrincipalName(settings, entry)).toBe(expected);
  });
});

describe("directoryPeople", () => {
  const [ana, jon, guest, emergency] = directoryPeople(settings);

  it("fills in names and mail", () => {
    expect(ana).toEqual({
      id: "ana.lima",
      displayName: "Ana Lima",
      givenName: "Ana",
      surname: "Lima",
      userPrincipalName: "ana.lima@contoso.com",
      mail: "ana.lima@contoso.com",
      accountEnabled: true,
      userType: "Member",
      department: null,
      jobTitle: "Lead",
      country: null,
      companyName: null,
    });
    expect(emergency).toMatchObject({ givenName: "Emergency", surname: null });
  });

  it("takes what is said", () => {
    expect(jon).toMatchObject({
      givenName: "Jonathan",
      surname: "Berg",
      mail: "jon@contoso.com",
      accountEnabled: false,
    });
    expect(guest).toMatchObject({ userType: "Guest", homeTenantId: mira.homeTenant, surname: "van der Holt" });
  });
});
