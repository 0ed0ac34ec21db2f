import { conditions as blank, applications as everyApplication, NO_USERS } from "../conditional-access/blank.ts";
import type {
  ConditionalAccessPolicy,
  GrantControls,
  PersonIdentity,
  PolicyConditions,
  SessionControls,
  SignInConditions,
  SignInFacts,
  SignInTarget,
  UserConditions,
} from "../conditional-access/index.ts";

/** A policy's parts that a test wants other than `samplePolicy` has them. */
export interface PolicyParts extends Partial<Omit<ConditionalAccessPolicy, "conditions" | "grantControls">> {
  readonly users?: Partial<UserConditions>;
  readonly applications?: Partial<PolicyConditions["applications"]>;
  readonly conditions?: Partial<Omit<PolicyConditions, "users" | "applications">>;
  readonly grant?: Partial<GrantControls> | null;
}

/** An enabled policy for everybody and every application that asks for multifactor authentication, changed in parts. */
export function samplePolicy(parts: PolicyParts = {}): ConditionalAccessPolicy {
  const { users = { includeUsers: ["All"] }, applications, conditions, grant, ...rest } = parts;
  return {
    id: "policy",
    displayName: rest.displayName ?? rest.id ?? "policy",
    state: "enabled",
    conditions: blank({
      users: { ...NO_USERS, ...users },
      applications: { ...everyApplication(["All"]), ...applications },
      ...conditions,
    }),
    grantControls: grant === null ? null : sampleGrant(grant ?? { builtInControls: ["mfa"] }),
    sessionControls: null,
    ...rest,
  };
}

/** Grant controls that ask for nothing but what is given. */
export function sampleGrant(parts: Partial<GrantControls>): GrantControls {
  return {
    operator: "OR",
    builtInControls: [],
    customAuthenticationFactors: [],
    termsOfUse: [],
    authenticationStrength: null,
    ...parts,
  };
}

/** Session controls that ask for nothing but what is given. */
export function sampleSession(parts: Partial<SessionControls>): SessionControls {
  return {
    signInFrequency: null,
    persistentBrowser: null,
    applicationEnforcedRestrictions: null,
    cloudAppSecurity: null,
    disableResilienceDefaults: null,
    ...parts,
  };
}

/** A member without groups and roles. */
export function samplePersonIdentity(parts: Partial<PersonIdentity> = {}): PersonIdentity {
  return { kind: "person", id: "ana", groups: new Set(), roles: new Set(), ...parts };
}

/** An ordinary sign-in to one application from Germany on an unmanaged Windows device. */
export function sampleSignIn(
  conditions: Partial<SignInConditions> = {},
  identity: SignInFacts["identity"] = samplePersonIdentity(),
  target: SignInTarget = { kind: "applications", clientIds: ["superset"] },
): SignInFacts {
  return {
    identity,
    target,
    conditions: {
      ipAddress: "203.0.113.10",
      country: "DE",
      devicePlatform: "windows",
      clientAppType: "browser",
      signInRiskLevel: "none",
      userRiskLevel: "none",
      servicePrincipalRiskLevel: "none",
      insiderRiskLevel: "none",
      authenticationFlow: "none",
      device: null,
      ...conditions,
    },
  };
}
