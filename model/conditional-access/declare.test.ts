import { describe, expect, it } from "vitest";
import { sampleContract, sampleSettings } from "../testing/sample.ts";
import type { ToolContract } from "../tool-contract.ts";
import { declaredConditionalAccess } from "./declare.ts";
import { BASELINE_PARTS, BREAK_GLASS } from "./declared.ts";
import { BUILT_IN_STRENGTHS, type ConditionalAccessPolicy } from "./policy.ts";

const PLATFORM = "11112222-bbbb-3333-cccc-4444dddd5555";
const platform: ToolContract = {
  ...sampleContract("maps"),
  conditionalAccessTarget: PLATFORM,
} as unknown as ToolContract;
const contracts = [sampleContract(), platform] as ToolContract[];
const image = "contoso.azurecr.io/charts:2.0.0";
const tools = {
  charts: { image, access: { Owner: ["admins"] } },
  maps: { image: "contoso.azurecr.io/maps:2.0.0", access: { Viewer: ["admins"] } },
};
const offices = {
  lisbon: { ranges: ["198.51.100.0/24", "2001:db8:10::/48"], trusted: true },
  oslo: { ranges: ["203.0.113.0/25"] },
};

function declared(conditionalAccess: Record<string, unknown> = {}) {
  const settings = sampleSettings({ tools, conditionalAccess }, contracts as never);
  return declaredConditionalAccess(settings, contracts);
}

/** The policies by their keys. */
function policies(conditionalAccess: Record<string, unknown> = {}): Record<string, ConditionalAccessPolicy> {
  return Object.fromEntries(declared(conditionalAccess).policies.map(({ key, policy }) => [key, policy]));
}

describe("the baseline", () => {
  const all = policies({ countries: ["PT", "NO"], offices });

  it("has one or two policies per part, in a fixed order, with names that say whose they are", () => {
    expect(Object.values(all).map(({ id, displayName }) => [id, displayName])).toEqual([
      ["baseline-mfa", "Contoso sandbox - Multifactor authentication for everybody in the company"],
      ["baseline-admins", "Contoso sandbox - Phishing-resistant sign-in for administrators"],
      ["baseline-legacy-clients", "Contoso sandbox - Legacy clients blocked"],
      ["baseline-device-code", "Contoso sandbox - Device code flow and authentication transfer blocked"],
      ["baseline-countries", "Contoso sandbox - Blocked outside the countries where people work"],
      ["baseline-devices", "Contoso sandbox - Short sessions on unmanaged devices"],
      ["baseline-sign-in-frequency", "Contoso sandbox - Sign-in frequency for everybody"],
      ["baseline-sign-in-frequency-admins", "Contoso sandbox - Sign-in frequency for administrators"],
      ["baseline-sign-in-risk", "Contoso sandbox - Sign-ins of high risk blocked"],
      ["baseline-sign-in-risk-medium", "Contoso sandbox - Sign-ins of medium risk with a fresh second factor"],
      ["baseline-user-risk", "Contoso sandbox - Accounts of high risk blocked"],
      ["baseline-guests", "Contoso sandbox - Multifactor authentication and short sessions for guests"],
      ["baseline-platforms", "Contoso sandbox - Unknown operating systems blocked"],
    ]);
  });

  it("targets exactly the stack's tools, and leaves the break-glass group out of every policy", () => {
    for (const { conditions } of Object.values(all)) {
      expect(conditions.applications.includeApplications).toEqual(["tool:charts", PLATFORM]);
      expect(conditions.users?.excludeGroups).toEqual([BREAK_GLASS]);
    }
  });

  it("is report-only unless the settings say otherwise, and has no control without effect", () => {
    for (const policy of Object.values(all)) {
      expect(policy.state).toBe("enabledForReportingButNotEnforced");
      expect(policy.grantControls ?? policy.sessionControls).not.toBeNull();
    }
  });

  it("writes a whole policy in Graph's shape", () => {
    expect(all["baseline-guests"]).toEqual({
      id: "baseline-guests",
      displayName: "Contoso sandbox - Multifactor authentication and short sessions for guests",
      state: "enabledForReportingButNotEnforced",
      conditions: {
        users: {
          includeUsers: [],
          excludeUsers: [],
          includeGroups: [],
          excludeGroups: [BREAK_GLASS],
          includeRoles: [],
          excludeRoles: [],
          includeGuestsOrExternalUsers: {
            guestOrExternalUserTypes:
              "internalGuest,b2bCollaborationGuest,b2bCollaborationMember,b2bDirectConnectUser,otherExternalUser,serviceProvider",
            externalTenants: { membershipKind: "all" },
          },
          excludeGuestsOrExternalUsers: null,
        },
        applications: {
          includeApplications: ["tool:charts", PLATFORM],
          excludeApplications: [],
          includeUserActions: [],
          includeAuthenticationContextClassReferences: [],
          applicationFilter: null,
        },
        clientAppTypes: ["all"],
        clientApplications: null,
        platforms: null,
        locations: null,
        signInRiskLevels: [],
        userRiskLevels: [],
        servicePrincipalRiskLevels: [],
        insiderRiskLevels: null,
        devices: null,
        authenticationFlows: null,
      },
      grantControls: {
        operator: "AND",
        builtInControls: ["mfa"],
        customAuthenticationFactors: [],
        termsOfUse: [],
        authenticationStrength: null,
      },
      sessionControls: {
        signInFrequency: {
          isEnabled: true,
          frequencyInterval: "timeBased",
          value: 1,
          type: "hours",
          authenticationType: "primaryAndSecondaryAuthentication",
        },
        persistentBrowser: null,
        applicationEnforcedRestrictions: null,
        cloudAppSecurity: null,
        disableResilienceDefaults: null,
      },
    });
  });

  it("asks everybody of the company for a second factor, and guests in the guests' part", () => {
    const who = all["baseline-mfa"]?.conditions.users;
    expect(who?.includeUsers).toEqual(["All"]);
    expect(who?.excludeGuestsOrExternalUsers).toEqual(
      all["baseline-guests"]?.conditions.users?.includeGuestsOrExternalUsers,
    );
    expect(all["baseline-mfa"]?.grantControls?.builtInControls).toEqual(["mfa"]);
  });

  it("asks teams with an admin role for the strength of the settings", () => {
    expect(all["baseline-admins"]?.conditions.users).toMatchObject({
      includeUsers: [],
      includeGroups: ["team:admins"],
    });
    expect(all["baseline-admins"]?.grantControls).toMatchObject({
      builtInControls: [],
      authenticationStrength: {
        id: BUILT_IN_STRENGTHS["phishing-resistant"],
        allowedCombinations: ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"],
      },
    });
    const weaker = policies({ admins: "mfa" })["baseline-admins"];
    expect(weaker?.displayName).toBe("Contoso sandbox - Multifactor authentication for administrators");
    expect(weaker?.grantControls?.authenticationStrength?.id).toBe(BUILT_IN_STRENGTHS.mfa);
  });

  it("blocks legacy clients, both handed-over flows and unknown platforms", () => {
    for (const key of ["legacy-clients", "device-code", "countries", "sign-in-risk", "user-risk", "platforms"]) {
      expect(all[`baseline-${key}`]?.grantControls?.builtInControls).toEqual(["block"]);
      expect(all[`baseline-${key}`]?.sessionControls).toBeNull();
    }
    expect(all["baseline-legacy-clients"]?.conditions.clientAppTypes).toEqual(["exchangeActiveSync", "other"]);
    expect(all["baseline-device-code"]?.conditions.authenticationFlows).toEqual({
      transferMethods: "deviceCodeFlow,authenticationTransfer",
    });
    expect(all["baseline-platforms"]?.conditions.platforms).toEqual({
      includePlatforms: ["all"],
      excludePlatforms: ["android", "iOS", "windows", "macOS", "linux"],
    });
  });

  it("blocks outside the countries and the trusted offices, and not at all where no country is named", () => {
    expect(all["baseline-countries"]?.conditions.locations).toEqual({
      includeLocations: ["All"],
      excludeLocations: ["location:countries", "location:lisbon"],
    });
    expect(policies({ offices })).not.toHaveProperty("baseline-countries");
  });

  it("keeps sessions on unmanaged devices short, or demands a managed device of everybody but guests", () => {
    expect(all["baseline-devices"]).toMatchObject({
      conditions: {
        devices: {
          deviceFilter: { mode: "exclude", rule: 'device.isCompliant -eq True -or device.trustType -eq "ServerAD"' },
        },
      },
      grantControls: null,
      sessionControls: { signInFrequency: { value: 1, type: "hours" } },
    });
    const managed = policies({ devices: "managed" })["baseline-devices"];
    expect(managed).toMatchObject({
      conditions: {
        devices: null,
        users: { excludeGuestsOrExternalUsers: { externalTenants: { membershipKind: "all" } } },
      },
      grantControls: { operator: "OR", builtInControls: ["compliantDevice", "domainJoinedDevice"] },
      sessionControls: null,
    });
  });

  it("keeps the two kinds of risk apart, and asks for a fresh second factor at medium risk", () => {
    expect(all["baseline-sign-in-risk"]?.conditions).toMatchObject({ signInRiskLevels: ["high"], userRiskLevels: [] });
    expect(all["baseline-user-risk"]?.conditions).toMatchObject({ signInRiskLevels: [], userRiskLevels: ["high"] });
    expect(all["baseline-sign-in-risk-medium"]).toMatchObject({
      conditions: { signInRiskLevels: ["medium"] },
      grantControls: { builtInControls: ["mfa"] },
      sessionControls: { signInFrequency: { frequencyInterval: "everyTime", value: null, type: null } },
    });
  });

  it("counts hours up to a day and days beyond", () => {
    const frequency = { people: "168h", admins: "23h" };
    const counted = policies({ frequency });
    expect(counted["baseline-sign-in-frequency"]?.sessionControls?.signInFrequency).toMatchObject({
      value: 7,
      type: "days",
    });
    expect(counted["baseline-sign-in-frequency-admins"]?.sessionControls?.signInFrequency).toMatchObject({
      value: 23,
      type: "hours",
    });
  });

  it("has named locations by country and by address", () => {
    expect(declared({ countries: ["PT", "NO"], offices }).locations).toEqual([
      {
        key: "countries",
        location: {
          kind: "country",
          id: "location:countries",
          displayName: "Contoso sandbox - Countries where people work",
          countriesAndRegions: ["PT", "NO"],
          includeUnknownCountriesAndRegions: false,
          countryLookupMethod: "clientIpAddress",
        },
      },
      {
        key: "lisbon",
        location: {
          kind: "ip",
          id: "location:lisbon",
          displayName: "Contoso sandbox - Office lisbon",
          isTrusted: true,
          ranges: offices.lisbon.ranges,
        },
      },
      {
        key: "oslo",
        location: {
          kind: "ip",
          id: "location:oslo",
          displayName: "Contoso sandbox - Office oslo",
          isTrusted: false,
          ranges: offices.oslo.ranges,
        },
      },
    ]);
  });
});

describe("states", () => {
  const breakGlass = ["breakglass-1@contoso.com", "breakglass-2@contoso.com"];
  const people = undefined;
  const dev = (conditionalAccess: Record<string, unknown>) =>
    declaredConditionalAccess(
      sampleSettings(
        { tools, people, environment: "dev", conditionalAccess: { breakGlass, ...conditionalAccess } },
        contracts as never,
      ),
      contracts,
    );

  it("promotes everything by one word, and a part by its own", () => {
    const enforced = dev({
      state: "enforced",
      baseline: { countries: { state: "report-only", reason: "New" } },
      countries: ["PT"],
    });
    const states = enforced.policies.map(({ part, policy }) => [part, policy.state]);
    expect(new Set(states.filter(([part]) => part !== "countries").map(([, state]) => state))).toEqual(
      new Set(["enabled"]),
    );
    expect(states).toContainEqual(["countries", "enabledForReportingButNotEnforced"]);
  });

  it.each(BASELINE_PARTS)("leaves the part %s out when it is off, and nothing else", (part) => {
    const on = dev({ countries: ["PT"] }).policies.map(({ key }) => key);
    const off = dev({ countries: ["PT"], baseline: { [part]: { state: "off", reason: "Not now" } } }).policies;
    expect(off.map(({ key }) => key)).toEqual(on.filter((key) => !key.startsWith(`baseline-${part}`)));
    expect(off.length).toBeLessThan(on.length);
  });

  it("makes nothing at all when everything is off, or there is no tool", () => {
    const nothing = { locations: [], strengths: [], policies: [] };
    expect(dev({ state: "off", countries: ["PT"], offices })).toEqual(nothing);
    expect(declaredConditionalAccess(sampleSettings({ tools: {} }), [sampleContract()])).toEqual(nothing);
  });
});
