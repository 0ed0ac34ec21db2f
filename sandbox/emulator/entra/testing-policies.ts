import { applications, conditions, NO_USERS } from "../../../model/conditional-access/blank.ts";
import type { MethodName } from "../../../model/conditional-access/methods.ts";
import type { BuiltInControl, PolicyState, SignInFrequency } from "../../../model/conditional-access/policy.ts";
import type { Directory } from "../directory.ts";
import type { StoredConditions, StoredPolicy } from "../graph/conditional-access/data.ts";
import { TOOL } from "./testing-directory.ts";

/** A policy for tests: for everybody and the tool unless it says otherwise. */
export interface TestPolicy {
  readonly controls?: readonly BuiltInControl[];
  readonly operator?: "AND" | "OR";
  readonly strength?: string;
  readonly terms?: readonly string[];
  readonly state?: PolicyState;
  readonly apps?: readonly string[];
  readonly conditions?: Partial<StoredConditions>;
  readonly frequency?: Partial<SignInFrequency>;
}

/** Puts a policy into the directory; its id is its name. */
export function addPolicy(data: Directory, name: string, policy: TestPolicy): void {
  const { controls = [], operator = "OR", strength, terms = [], state = "enabled", apps = [TOOL], frequency } = policy;
  const stored: StoredPolicy = {
    id: name,
    templateId: null,
    displayName: name,
    createdDateTime: "2026-01-01T00:00:00Z",
    modifiedDateTime: null,
    state,
    conditions: { ...everywhere(apps), ...policy.conditions },
    grantControls:
      controls.length + terms.length === 0 && strength === undefined
        ? null
        : {
            operator,
            builtInControls: controls,
            customAuthenticationFactors: [],
            termsOfUse: terms,
            authenticationStrength: strength === undefined ? null : { id: strength },
          },
    sessionControls:
      frequency === undefined
        ? null
        : {
            signInFrequency: {
              isEnabled: true,
              frequencyInterval: "timeBased",
              value: 1,
              type: "hours",
              authenticationType: "primaryAndSecondaryAuthentication",
              ...frequency,
            },
            persistentBrowser: null,
            applicationEnforcedRestrictions: null,
            cloudAppSecurity: null,
            disableResilienceDefaults: null,
          },
  };
  data.conditionalAccessPolicies[name] = stored;
}

/** People of nobody's, for policies about applications that sign in as themselves. */
export function everywhere(apps: readonly string[]): StoredConditions {
  const users = { ...NO_USERS, includeUsers: ["All"] };
  return { ...conditions({ users, applications: applications(apps) }), users };
}

/** Everybody registers these methods. */
export function registerAll(data: Directory, methods: readonly MethodName[]): void {
  for (const user of Object.values(data.users)) user.authenticationMethods = [...methods];
}

/** A named location of countries. */
export function addCountries(data: Directory, id: string, countries: readonly string[]): void {
  data.namedLocations[id] = {
    "@odata.type": "#microsoft.graph.countryNamedLocation",
    id,
    displayName: id,
    createdDateTime: "2026-01-01T00:00:00Z",
    modifiedDateTime: "2026-01-01T00:00:00Z",
    countriesAndRegions: countries,
    includeUnknownCountriesAndRegions: false,
    countryLookupMethod: "clientIpAddress",
  };
}
