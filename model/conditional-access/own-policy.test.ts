import { describe, expect, it } from "vitest";
import { sampleContract, sampleSettings } from "../testing/sample.ts";
import { declaredConditionalAccess } from "./declare.ts";
import { BREAK_GLASS } from "./declared.ts";
import { BUILT_IN_STRENGTHS } from "./policy.ts";

const contracts = [sampleContract(), sampleContract("maps")];
const APP = "797f4846-ba00-4fd7-ba43-dac1f8f63013";

/** One policy of the company's own beside a baseline that is off. */
function own(policy: Record<string, unknown>) {
  const settings = sampleSettings(
    {
      teams: {
        admins: { privileged: true, owners: ["ana.lima"], members: ["ana.lima"] },
        sales: { owners: ["ana.lima"], members: ["jon.berg"] },
      },
      tools: {
        charts: { image: "contoso.azurecr.io/charts:2.0.0", access: { Owner: ["admins"], Viewer: ["sales"] } },
        maps: { image: "contoso.azurecr.io/maps:2.0.0", access: { Owner: ["admins"] } },
      },
      conditionalAccess: {
        state: "off",
        countries: ["PT"],
        offices: { lisbon: { ranges: ["198.51.100.0/24"], trusted: true } },
        strengths: { "keys-only": { displayName: "Security keys", methods: ["certificate", "fido2"] } },
        policies: {
          mine: {
            displayName: "Mine",
            state: "report-only",
            who: { everybody: true },
            tools: "all",
            demand: "mfa",
            ...policy,
          },
        },
      },
    },
    contracts,
  );
  const declared = declaredConditionalAccess(settings, contracts);
  const [only, ...others] = declared.policies;
  if (only === undefined || others.length > 0) throw new Error(`${declared.policies.length} policies`);
  return { ...only.policy, key: only.key, strengths: declared.strengths };
}

describe("a policy of the company's own", () => {
  it("has a key and a name of its own, and guards every tool or the named ones", () => {
    const policy = own({});
    expect(policy).toMatchObject({ key: "own-mine", id: "own-mine", displayName: "Contoso sandbox - Mine" });
    expect(policy.conditions.applications.includeApplications).toEqual(["tool:charts", "tool:maps"]);
    expect(own({ tools: ["maps"], apps: [APP] }).conditions.applications.includeApplications).toEqual([
      "tool:maps",
      APP,
    ]);
    expect(own({ tools: "all", apps: ["All"] }).conditions.applications.includeApplications).toEqual(["All"]);
  });

  it("names teams, people, and the teams behind roles, each once, and always spares the break-glass group", () => {
    const who = {
      teams: ["sales"],
      people: ["jon.berg@contoso.com"],
      roles: { charts: ["Owner", "Viewer"], maps: ["Owner"] },
      guests: true,
      except: { teams: ["admins"], people: ["ana.lima"] },
    };
    expect(own({ who }).conditions.users).toMatchObject({
      includeUsers: ["person:jon.berg"],
      excludeUsers: ["person:ana.lima"],
      includeGroups: ["team:sales", "team:admins"],
      excludeGroups: [BREAK_GLASS, "team:admins"],
      includeGuestsOrExternalUsers: { externalTenants: { membershipKind: "all" } },
    });
  });

  it("means everybody by All alone, since Entra takes nothing beside it", () => {
    expect(own({ who: { everybody: true, guests: true, teams: ["sales"] } }).conditions.users).toMatchObject({
      includeUsers: ["All"],
      includeGroups: [],
      includeGuestsOrExternalUsers: null,
    });
  });

  it.each([
    [{ outside: ["lisbon", "countries"] }, ["All"], ["location:lisbon", "location:countries"]],
    [{ inside: ["trusted"] }, ["AllTrusted"], []],
    [{ inside: ["countries"], outside: ["lisbon"] }, ["location:countries"], ["location:lisbon"]],
  ])("holds from %j", (from, includeLocations, excludeLocations) => {
    expect(own({ from }).conditions.locations).toEqual({ includeLocations, excludeLocations });
  });

  it("writes clients, platforms, risks and flows in one order, however they are listed", () => {
    const policy = own({
      clients: ["other", "browser", "exchange-activesync", "app"],
      platforms: ["linux", "ios"],
      signInRisk: ["high", "low"],
      userRisk: ["high", "medium"],
      flows: ["authentication-transfer", "device-code"],
    });
    expect(policy.conditions).toMatchObject({
      clientAppTypes: ["browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"],
      platforms: { includePlatforms: ["iOS", "linux"], excludePlatforms: [] },
      signInRiskLevels: ["low", "high"],
      userRiskLevels: ["medium", "high"],
      authenticationFlows: { transferMethods: "deviceCodeFlow,authenticationTransfer" },
    });
  });

  it("means by unknown whatever is none of the other platforms", () => {
    expect(own({ platforms: ["unknown", "linux"] }).conditions.platforms).toEqual({
      includePlatforms: ["all"],
      excludePlatforms: ["android", "iOS", "windows", "macOS"],
    });
  });

  it("is about unmanaged devices by exclusion, or about those of a filter", () => {
    expect(own({ devices: "unmanaged" }).conditions.devices?.deviceFilter?.mode).toBe("exclude");
    const rule = 'device.operatingSystem -eq "Linux"';
    expect(own({ deviceFilter: rule }).conditions.devices).toEqual({ deviceFilter: { mode: "include", rule } });
    expect(own({}).conditions.devices).toBeNull();
  });

  it.each([
    ["block", "AND", ["block"], undefined],
    [["compliant-device", "mfa"], "AND", ["mfa", "compliantDevice"], undefined],
    [{ "any-of": ["hybrid-device", "compliant-device"] }, "OR", ["compliantDevice", "domainJoinedDevice"], undefined],
    [["passwordless", "hybrid-device"], "AND", ["domainJoinedDevice"], BUILT_IN_STRENGTHS.passwordless],
    ["phishing-resistant", "AND", [], BUILT_IN_STRENGTHS["phishing-resistant"]],
    ["keys-only", "AND", [], "strength:keys-only"],
  ])("demands %j", (demand, operator, builtInControls, strength) => {
    const { grantControls } = own({ demand, reason: "Because" });
    expect(grantControls).toMatchObject({ operator, builtInControls });
    expect(grantControls?.authenticationStrength?.id).toBe(strength);
  });

  it("declares its strengths with the combinations that meet them, strongest first", () => {
    expect(own({}).strengths).toEqual([
      {
        key: "keys-only",
        strength: {
          id: "strength:keys-only",
          displayName: "Security keys (sandbox)",
          allowedCombinations: ["fido2", "x509CertificateMultiFactor"],
        },
      },
    ]);
  });

  it("may hold sessions short and demand nothing", () => {
    const policy = own({ demand: undefined, frequency: "every-time" });
    expect(policy.grantControls).toBeNull();
    expect(policy.sessionControls?.signInFrequency).toMatchObject({ frequencyInterval: "everyTime", value: null });
  });
});
