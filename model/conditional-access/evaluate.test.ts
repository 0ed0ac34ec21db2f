import { describe, expect, it } from "vitest";
import { samplePersonIdentity, samplePolicy, sampleSession, sampleSignIn } from "../testing/conditional-access.ts";
import { evaluate, preparePolicies } from "./evaluate.ts";
import type { AnalysisReason } from "./evaluation.ts";
import type { ConditionalAccessPolicy, NamedLocation } from "./policy.ts";
import type { SignInFacts } from "./sign-in.ts";

const office: NamedLocation = {
  kind: "ip",
  id: "office",
  displayName: "Office",
  isTrusted: true,
  ranges: ["198.51.100.0/24"],
};

function reason(policy: ConditionalAccessPolicy, facts: SignInFacts = sampleSignIn()): AnalysisReason | undefined {
  const [result] = evaluate([policy], [office], facts).results;
  expect(result?.applies).toBe(result?.reason === "notSet");
  return result?.reason;
}

describe("why a policy does not apply", () => {
  const workloads = { includeServicePrincipals: ["loader"], excludeServicePrincipals: [] };
  const aboutWorkloads = { users: { includeUsers: ["None"] }, conditions: { clientApplications: workloads } };

  it.each<[AnalysisReason, Parameters<typeof samplePolicy>[0]]>([
    ["notSet", {}],
    ["notSet", { state: "enabledForReportingButNotEnforced" }],
    ["policyNotEnabled", { state: "disabled" }],
    ["users", { users: { includeUsers: ["jon"] } }],
    ["users", { users: { includeUsers: ["None"] } }],
    ["workloadIdentities", aboutWorkloads],
    ["application", { applications: { includeApplications: ["airflow"] } }],
    ["application", { applications: { includeApplications: ["None"] } }],
    ["userActions", { applications: { includeApplications: [], includeUserActions: ["urn:user:registerdevice"] } }],
    [
      "userActions",
      { applications: { includeApplications: ["None"], includeUserActions: ["urn:user:registerdevice"] } },
    ],
    [
      "authenticationContext",
      { applications: { includeApplications: [], includeAuthenticationContextClassReferences: ["c1"] } },
    ],
    ["devicePlatform", { conditions: { platforms: { includePlatforms: ["iOS"], excludePlatforms: [] } } }],
    [
      "devices",
      { conditions: { devices: { deviceFilter: { mode: "include", rule: "device.isCompliant -eq True" } } } },
    ],
    ["clientApps", { conditions: { clientAppTypes: ["other"] } }],
    ["location", { conditions: { locations: { includeLocations: ["office"], excludeLocations: [] } } }],
    ["signInRisk", { conditions: { signInRiskLevels: ["high"] } }],
    ["userRisk", { conditions: { userRiskLevels: ["high"] } }],
    ["workloadIdentities", { conditions: { servicePrincipalRiskLevels: ["high"] } }],
    ["insiderRisk", { conditions: { insiderRiskLevels: "minor,elevated" } }],
    ["authenticationFlow", { conditions: { authenticationFlows: { transferMethods: "deviceCodeFlow" } } }],
    ["invalidCondition", { conditions: { devices: { deviceFilter: { mode: "include", rule: "nonsense" } } } }],
    ["emptyPolicy", { grant: null }],
    ["emptyPolicy", { grant: {} }],
    ["emptyPolicy", { users: {} }],
    ["emptyPolicy", { applications: { includeApplications: [] } }],
    ["invalidPolicy", { conditions: { clientApplications: workloads } }],
    ["invalidPolicy", { applications: { includeUserActions: ["urn:user:registerdevice"] } }],
    [
      "invalidPolicy",
      {
        applications: {
          includeApplications: [],
          includeUserActions: ["urn:user:registerdevice"],
          includeAuthenticationContextClassReferences: ["c1"],
        },
      },
    ],
  ])("%s: %j", (expected, parts) => {
    expect(reason(samplePolicy(parts))).toBe(expected);
  });

  it("says invalidPolicy for one about neither people nor workload identities", () => {
    const policy = samplePolicy();
    expect(reason({ ...policy, conditions: { ...policy.conditions, users: null } })).toBe("invalidPolicy");
  });

  it("applies policies about workload identities to these alone", () => {
    const loader = sampleSignIn({}, { kind: "workload", id: "loader", ownedByTenant: true });
    expect(reason(samplePolicy(aboutWorkloads), loader)).toBe("notSet");
    expect(reason(samplePolicy(), loader)).toBe("users");
    const policy = samplePolicy(aboutWorkloads);
    expect(reason({ ...policy, conditions: { ...policy.conditions, users: null } }, loader)).toBe("notSet");
  });

  it.each<[keyof SignInFacts["conditions"], Parameters<typeof samplePolicy>[0]]>([
    ["devicePlatform", { conditions: { platforms: { includePlatforms: ["windows"], excludePlatforms: [] } } }],
    ["device", { conditions: { devices: { deviceFilter: { mode: "exclude", rule: "device.isCompliant -eq True" } } } }],
    ["clientAppType", { conditions: { clientAppTypes: ["browser"] } }],
    ["ipAddress", { conditions: { locations: { includeLocations: ["All"], excludeLocations: ["office"] } } }],
    ["signInRiskLevel", { conditions: { signInRiskLevels: ["none"] } }],
    ["userRiskLevel", { conditions: { userRiskLevels: ["none"] } }],
    ["servicePrincipalRiskLevel", { conditions: { servicePrincipalRiskLevels: ["none"] } }],
    ["insiderRiskLevel", { conditions: { insiderRiskLevels: "none" } }],
    ["authenticationFlow", { conditions: { authenticationFlows: { transferMethods: "none" } } }],
  ])("says notEnoughInformation without %s for a policy that asks for it, and for no other", (name, parts) => {
    const facts = sampleSignIn();
    const { [name]: _, ...known } = facts.conditions;
    expect(reason(samplePolicy(parts))).toBe("notSet");
    expect(reason(samplePolicy(parts), { ...facts, conditions: known })).toBe("notEnoughInformation");
    expect(reason(samplePolicy(), { ...facts, conditions: known })).toBe("notSet");
  });

  it("names the first of several: state, shape, who, what, then how", () => {
    const wrong = {
      state: "disabled",
      users: { includeUsers: ["jon"] },
      applications: { includeApplications: ["airflow"] },
      conditions: { platforms: { includePlatforms: ["iOS"], excludePlatforms: [] }, signInRiskLevels: ["high"] },
      grant: null,
    } as const;
    const { state: _, ...enabled } = wrong;
    const { grant: __, ...complete } = enabled;
    const { users: ___, ...everybody } = complete;
    const { applications: ____, ...everywhere } = everybody;
    const list = [wrong, enabled, complete, everybody, everywhere].map((parts) => reason(samplePolicy(parts)));
    expect(list).toEqual(["policyNotEnabled", "emptyPolicy", "users", "application", "devicePlatform"]);
  });
});

describe("what policies ask for together", () => {
  const policies = [
    samplePolicy({ id: "2", displayName: "B" }),
    samplePolicy({ id: "1", displayName: "B", grant: { builtInControls: ["block"] } }),
    samplePolicy({
      id: "3",
      displayName: "A",
      grant: {
        operator: "AND",
        termsOfUse: ["terms"],
        customAuthenticationFactors: ["duo"],
        builtInControls: ["passwordChange", "compliantDevice", "mfa"],
        authenticationStrength: { id: "s", displayName: "Keys", allowedCombinations: ["fido2"] },
      },
    }),
    samplePolicy({ id: "4", displayName: "C", state: "enabledForReportingButNotEnforced" }),
    samplePolicy({ id: "5", displayName: "D", users: { includeUsers: ["jon"] } }),
    samplePolicy({
      id: "6",
      displayName: "0",
      grant: null,
      sessionControls: sampleSession({ disableResilienceDefaults: true }),
    }),
  ];

  it("keeps results in the given order, and demands by name", () => {
    const { results, enforced, reportOnly } = evaluate(policies, [], sampleSignIn());
    expect(results.map(({ policy }) => policy.id)).toEqual(["2", "1", "3", "4", "5", "6"]);
    expect(enforced.blockedBy.map(({ id }) => id)).toEqual(["1"]);
    expect(enforced.grants.map(({ policy }) => policy.id)).toEqual(["3", "2"]);
    expect(enforced.session).toEqual({ disableResilienceDefaults: true });
    expect(reportOnly).toMatchObject({ blockedBy: [], grants: [{ policy: { id: "4" } }], session: {} });
  });

  it("lists a grant's controls in the order of prompts", () => {
    const [first] = evaluate(policies, [], sampleSignIn()).enforced.grants;
    expect(first?.controls.map(({ kind }) => kind)).toEqual([
      "mfa",
      "strength",
      "compliantDevice",
      "passwordChange",
      "termsOfUse",
      "custom",
    ]);
  });

  it("gives the sign-in back, and one evaluator serves many", () => {
    const evaluator = preparePolicies(policies, []);
    const jon = sampleSignIn({}, samplePersonIdentity({ id: "jon" }));
    expect(evaluator.evaluate(jon).facts).toBe(jon);
    expect(evaluator.evaluate(jon).results.map(({ reason: why }) => why)[4]).toBe("notSet");
    expect(evaluator.evaluate(sampleSignIn()).results.map(({ reason: why }) => why)[4]).toBe("users");
  });
});
