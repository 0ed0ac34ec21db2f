import { describe, expect, it } from "vitest";
import { declaredConditionalAccess } from "../../../model/conditional-access/declare.ts";
import type { DeclaredConditionalAccess } from "../../../model/conditional-access/declared.ts";
import { sampleContract, sampleSettings } from "../../../model/testing/sample.ts";
import { runProgram, settled } from "../../testing/mocks.ts";
import { ConditionalAccess } from "./conditional-access.ts";

const GROUP = "azuread:index/group:Group";
const LOCATION = "azuread:index/namedLocation:NamedLocation";
const STRENGTH = "azuread:index/authenticationStrengthPolicy:AuthenticationStrengthPolicy";
const POLICY = "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy";
const GUESTS = [
  {
    guestOrExternalUserTypes: [
      "internalGuest",
      "b2bCollaborationGuest",
      "b2bCollaborationMember",
      "b2bDirectConnectUser",
      "otherExternalUser",
      "serviceProvider",
    ],
    externalTenants: [{ membershipKind: "all" }],
  },
];
const everybody = { includedUsers: ["All"], excludedGroups: ["object-of-break-glass"] };
const applications = { includedApplications: ["client-of-charts"] };

const settings = sampleSettings({
  conditionalAccess: {
    countries: ["PT", "NO"],
    offices: { lisbon: { ranges: ["198.51.100.0/24", "2001:db8:10::/48"], trusted: true } },
    strengths: { "keys-only": { displayName: "Security keys", methods: ["fido2"] } },
    policies: {
      office: {
        displayName: "Charts from the office only",
        state: "report-only",
        who: { people: ["jon.berg"], teams: ["admins"], except: { people: ["ana.lima"] } },
        tools: ["charts"],
        from: { outside: ["lisbon"] },
        clients: ["browser"],
        platforms: ["macos"],
        demand: ["keys-only", "compliant-device"],
      },
    },
  },
});
const declared = declaredConditionalAccess(settings, [sampleContract()]);

function run(changes: { declared?: DeclaredConditionalAccess; teams?: Record<string, string> } = {}, preview = false) {
  return runProgram(
    () => {
      new ConditionalAccess("conditional-access", {
        declared,
        breakGlassName: "Contoso sandbox break-glass",
        breakGlass: ["person-1", "person-2"],
        teams: { admins: "object-of-admins" },
        tools: { charts: "client-of-charts" },
        people: { "ana.lima": "person-ana", "jon.berg": "person-jon" },
        ...changes,
      });
    },
    { preview },
  );
}

describe("ConditionalAccess", () => {
  it("makes the group, the locations, the strengths and the policies, in a preview too", async () => {
    const counts = { [GROUP]: 1, [LOCATION]: 2, [STRENGTH]: 1, [POLICY]: 14 };
    expect((await run()).counts()).toEqual(counts);
    expect((await run({}, true)).counts()).toEqual(counts);
  });

  it("keeps the break-glass group for its accounts alone", async () => {
    const made = await run();
    expect(made.find(GROUP, "break-glass").inputs).toEqual({
      displayName: "Contoso sandbox break-glass",
      description: "Emergency accounts, which no Conditional Access policy reaches",
      securityEnabled: true,
      assignableToRole: true,
      visibility: "Private",
      preventDuplicateNames: true,
      owners: ["deployer"],
      members: ["person-1", "person-2"],
    });
  });

  it("leaves the break-glass group out of every policy", async () => {
    const made = await run();
    const policies = made.resources.filter(({ type }) => type === POLICY);
    for (const { inputs } of policies) {
      expect(inputs).toMatchObject({ conditions: { users: { excludedGroups: ["object-of-break-glass"] } } });
    }
  });

  it("makes named locations of both kinds, and strengths", async () => {
    const made = await run();
    expect(made.find(LOCATION, "location-countries").inputs).toEqual({
      displayName: "Contoso sandbox - Countries where people work",
      country: {
        countriesAndRegions: ["PT", "NO"],
        includeUnknownCountriesAndRegions: false,
        countryLookupMethod: "clientIpAddress",
      },
    });
    expect(made.find(LOCATION, "location-lisbon").inputs).toEqual({
      displayName: "Contoso sandbox - Office lisbon",
      ip: { ipRanges: ["198.51.100.0/24", "2001:db8:10::/48"], trusted: true },
    });
    expect(made.find(STRENGTH, "strength-keys-only").inputs).toEqual({
      displayName: "Security keys (sandbox)",
      description: "Made and changed by Entrada, from the settings",
      allowedCombinations: ["fido2"],
    });
  });

  it.each([
    [
      "baseline-mfa",
      { users: { ...everybody, excludedGuestsOrExternalUsers: GUESTS }, applications, clientAppTypes: ["all"] },
      { operator: "AND", builtInControls: ["mfa"] },
      undefined,
    ],
    [
      "baseline-admins",
      {
        users: { includedGroups: ["object-of-admins"], excludedGroups: ["object-of-break-glass"] },
        applications,
        clientAppTypes: ["all"],
      },
      {
        operator: "AND",
        authenticationStrengthPolicyId: "/policies/authenticationStrengthPolicies/00000000-0000-0000-0000-000000000004",
      },
      undefined,
    ],
    [
      "baseline-legacy-clients",
      { users: everybody, applications, clientAppTypes: ["exchangeActiveSync", "other"] },
      { operator: "AND", builtInControls: ["block"] },
      undefined,
    ],
    [
      "baseline-device-code",
      {
        users: everybody,
        applications,
        clientAppTypes: ["all"],
        authenticationFlowTransferMethods: ["deviceCodeFlow", "authenticationTransfer"],
      },
      { operator: "AND", builtInControls: ["block"] },
      undefined,
    ],
    [
      "baseline-countries",
      {
        users: everybody,
        applications,
        clientAppTypes: ["all"],
        locations: {
          includedLocations: ["All"],
          excludedLocations: ["object-of-location-countries", "object-of-location-lisbon"],
        },
      },
      { operator: "AND", builtInControls: ["block"] },
      undefined,
    ],
    [
      "baseline-devices",
      {
        users: everybody,
        applications,
        clientAppTypes: ["all"],
        devices: {
          filter: { mode: "exclude", rule: 'device.isCompliant -eq True -or device.trustType -eq "ServerAD"' },
        },
      },
      undefined,
      {
        signInFrequency: 1,
        signInFrequencyPeriod: "hours",
        signInFrequencyInterval: "timeBased",
        signInFrequencyAuthenticationType: "primaryAndSecondaryAuthentication",
      },
    ],
    [
      "baseline-sign-in-risk-medium",
      { users: everybody, applications, clientAppTypes: ["all"], signInRiskLevels: ["medium"] },
      { operator: "AND", builtInControls: ["mfa"] },
      {
        signInFrequencyInterval: "everyTime",
        signInFrequencyAuthenticationType: "primaryAndSecondaryAuthentication",
      },
    ],
    [
      "baseline-guests",
      {
        users: { includedGuestsOrExternalUsers: GUESTS, excludedGroups: ["object-of-break-glass"] },
        applications,
        clientAppTypes: ["all"],
      },
      { operator: "AND", builtInControls: ["mfa"] },
      {
        signInFrequency: 1,
        signInFrequencyPeriod: "hours",
        signInFrequencyInterval: "timeBased",
        signInFrequencyAuthenticationType: "primaryAndSecondaryAuthentication",
      },
    ],
    [
      "baseline-platforms",
      {
        users: everybody,
        applications,
        clientAppTypes: ["all"],
        platforms: {
          includedPlatforms: ["all"],
          excludedPlatforms: ["android", "iOS", "windows", "macOS", "linux"],
        },
      },
      { operator: "AND", builtInControls: ["block"] },
      undefined,
    ],
    [
      "own-office",
      {
        users: {
          includedUsers: ["person-jon"],
          excludedUsers: ["person-ana"],
          includedGroups: ["object-of-admins"],
          excludedGroups: ["object-of-break-glass"],
        },
        applications,
        clientAppTypes: ["browser"],
        platforms: { includedPlatforms: ["macOS"] },
        locations: { includedLocations: ["All"], excludedLocations: ["object-of-location-lisbon"] },
      },
      {
        operator: "AND",
        builtInControls: ["compliantDevice"],
        authenticationStrengthPolicyId: "/id/strength-keys-only",
      },
      undefined,
    ],
  ])("sends of %s exactly what Graph gives back", async (name, conditions, grantControls, sessionControls) => {
    const { inputs } = (await run()).find(POLICY, name);
    const policy = declared.policies.find(({ key }) => key === name)?.policy;
    expect(inputs).toEqual({
      displayName: policy?.displayName,
      state: "enabledForReportingButNotEnforced",
      conditions,
      ...(grantControls === undefined ? {} : { grantControls }),
      ...(sessionControls === undefined ? {} : { sessionControls }),
    });
  });

  it("refuses a policy that names what the stack does not make", async () => {
    let refused: unknown;
    await runProgram(() => {
      try {
        new ConditionalAccess("conditional-access", {
          declared,
          breakGlassName: "x",
          breakGlass: [],
          teams: {},
          tools: { charts: "client-of-charts" },
          people: {},
        });
      } catch (error) {
        refused = error;
      }
    });
    expect(String(refused)).toContain('names the team "admins", which the stack does not make');
  });

  it("knows the group's id", async () => {
    let id: string | undefined;
    await runProgram(async () => {
      const component = new ConditionalAccess("conditional-access", {
        declared: { locations: [], strengths: [], policies: [] },
        breakGlassName: "x",
        breakGlass: [],
        teams: {},
        tools: {},
        people: {},
      });
      id = await settled(component.breakGlassId);
    });
    expect(id).toBe("object-of-break-glass");
  });
});
