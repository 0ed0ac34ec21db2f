import { expect } from "vitest";
import { AZURE_CLI, DATABRICKS } from "../../first-party.ts";
import type { Json } from "../query.ts";
import { type GraphWorld, graphWorld, securityGroup } from "../testing.ts";

/** Conditional Access against an emulator in memory, for tests. */

export const POLICIES = "/identity/conditionalAccess/policies";
export const LOCATIONS = "/identity/conditionalAccess/namedLocations";
export const STRENGTHS = "/policies/authenticationStrengthPolicies";
/** Two applications that stand in every tenant. */
export const [APP, OTHER_APP] = [DATABRICKS, AZURE_CLI] as const;

export interface PolicyWorld extends GraphWorld {
  /** Creates something and gives its answer back. */
  made(path: string, body: unknown): Promise<Json & { id: string }>;
  group(name: string): Promise<string>;
}

export function policyWorld(): PolicyWorld {
  const world = graphWorld();
  const made: PolicyWorld["made"] = async (path, body) => {
    const answer = await world.graph("POST", path, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return answer.body;
  };
  return { ...world, made, group: async (name) => (await made("/groups", securityGroup(name))).id };
}

export interface PolicyParts {
  readonly users?: object | null;
  readonly applications?: object;
  readonly conditions?: object;
  readonly grant?: object | null;
  readonly session?: object | null;
  readonly state?: string;
}

/** A policy that asks everybody for MFA on one application, and what a test changes about it. */
export const policy = ({ users, applications, conditions, grant, session, state }: PolicyParts = {}) => ({
  displayName: "MFA",
  state: state ?? "enabled",
  conditions: {
    users: users === undefined ? { includeUsers: ["All"] } : users,
    applications: applications ?? { includeApplications: [APP] },
    clientAppTypes: ["all"],
    ...conditions,
  },
  grantControls: grant === undefined ? { operator: "OR", builtInControls: ["mfa"] } : grant,
  ...(session !== undefined && { sessionControls: session }),
});

export const office = (more: object = {}) => ({
  "@odata.type": "#microsoft.graph.ipNamedLocation",
  displayName: "Office",
  isTrusted: false,
  ipRanges: [
    { "@odata.type": "#microsoft.graph.iPv4CidrRange", cidrAddress: "198.51.100.0/24" },
    { "@odata.type": "#microsoft.graph.iPv6CidrRange", cidrAddress: "2001:db8:10::/48" },
  ],
  ...more,
});

export const countries = (more: object = {}) => ({
  "@odata.type": "#microsoft.graph.countryNamedLocation",
  displayName: "Countries",
  countriesAndRegions: ["DE", "PT"],
  ...more,
});

/** Parts of policies that tests share. */
export const strength = { id: "00000000-0000-0000-0000-000000000002" };
export const grant = (...builtInControls: string[]) => ({ operator: "AND", builtInControls });
export const workloads = (conditions: object = {}) => ({
  clientApplications: { includeServicePrincipals: ["ServicePrincipalsInMyTenant"] },
  ...conditions,
});
export const everyApplication = { includeApplications: ["All"] };
export const frequency = (more: object) => ({ signInFrequency: { isEnabled: true, ...more } });
export const everyTime = frequency({ frequencyInterval: "everyTime" });
