import { describe, expect, it } from "vitest";
import { directoryPeople } from "../directory.ts";
import { sampleContract, sampleSettings } from "../testing/sample.ts";
import { BREAK_GLASS } from "./declared.ts";
import { METHOD_NAMES } from "./methods.ts";
import { homeOf, personIdentity, personReference, registeredMethods } from "./people.ts";
import { conditionalAccessTarget } from "./targets.ts";

const settings = sampleSettings({
  people: {
    "ana.lima": { displayName: "Ana Lima", methods: ["fido2", "authenticator"] },
    "zoe.martin": { displayName: "Zoé Martin", department: "Analytics" },
    "mira.holt": {
      displayName: "Mira Holt",
      guest: true,
      mail: "mira.holt@fabrikam.com",
      homeTenant: "5e3f9a70-8a64-4f4e-9d6b-6a1f4ce0b7aa",
      methods: [],
    },
    "breakglass-1": { displayName: "Break-glass 1" },
  },
  teams: {
    admins: { privileged: true, owners: ["ana.lima"], members: ["ana.lima"] },
    analysts: { owners: ["ana.lima"], members: ["ana.lima"], teams: ["interns"] },
    interns: { owners: ["ana.lima"], rule: 'user.department -eq "Analytics"' },
  },
  conditionalAccess: { breakGlass: ["breakglass-1"], countries: ["PT", "NO"] },
});
const people = directoryPeople(settings);

function identity(id: string) {
  const person = people.find((known) => known.id === id);
  if (person === undefined) throw new Error(id);
  return personIdentity(settings, person);
}

describe("a person as policies know them", () => {
  it("is in groups at any depth, by rule too", () => {
    expect(identity("ana.lima")).toEqual({
      kind: "person",
      id: "person:ana.lima",
      groups: new Set(["team:admins", "team:analysts"]),
      roles: new Set(),
    });
    expect(identity("zoe.martin").groups).toEqual(new Set(["team:analysts", "team:interns"]));
  });

  it("is a guest by invitation, of a tenant", () => {
    expect(identity("mira.holt")).toMatchObject({
      guest: "b2bCollaborationGuest",
      homeTenantId: "5e3f9a70-8a64-4f4e-9d6b-6a1f4ce0b7aa",
    });
  });

  it("is in the break-glass group when the settings say so", () => {
    expect(identity("breakglass-1").groups).toEqual(new Set([BREAK_GLASS]));
  });

  it("has one name however it is written", () => {
    expect(personReference(settings, "ana.lima@contoso.com")).toBe("person:ana.lima");
    expect(personReference(settings, "Ana.Lima@Contoso.com")).toBe("person:ana.lima");
    expect(personReference(settings, "nobody")).toBe("person:nobody");
  });

  it("has the registered methods of the settings, and any where only the tenant knows", () => {
    expect(registeredMethods(settings, { id: "ana.lima" })).toEqual(["fido2", "authenticator"]);
    expect(registeredMethods(settings, { id: "zoe.martin" })).toEqual(["authenticator"]);
    expect(registeredMethods(settings, { id: "mira.holt" })).toEqual([]);
    const real = sampleSettings({ people: undefined, environment: "dev" });
    expect(registeredMethods(real, { id: "ana.lima" })).toEqual(METHOD_NAMES);
  });

  it("is at home in the first of the countries", () => {
    expect(homeOf(settings)).toEqual({ country: "PT", ipAddress: "203.0.113.10" });
    expect(homeOf(sampleSettings()).country).toBeNull();
  });
});

describe("a tool as policies know it", () => {
  it("is its registration, or the platform's application", () => {
    const contract = sampleContract() as never;
    expect(conditionalAccessTarget({ id: "charts", contract })).toBe("tool:charts");
    const application = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";
    const platform = { ...sampleContract(), conditionalAccessTarget: application } as never;
    expect(conditionalAccessTarget({ id: "charts", contract: platform })).toBe(application);
  });
});
