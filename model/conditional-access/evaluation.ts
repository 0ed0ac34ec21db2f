import type { MethodName } from "./methods.ts";
import type { BuiltInControl, ConditionalAccessPolicy, SignInFrequency } from "./policy.ts";
import type { SignInFacts } from "./sign-in.ts";

/** Why a policy does not apply (Graph's whatIfAnalysisReasons); `notSet` for one that does. */
export type AnalysisReason =
  | "notSet"
  | "notEnoughInformation"
  | "invalidCondition"
  | "users"
  | "workloadIdentities"
  | "application"
  | "userActions"
  | "authenticationContext"
  | "devicePlatform"
  | "devices"
  | "clientApps"
  | "location"
  | "signInRisk"
  | "userRisk"
  | "emptyPolicy"
  | "invalidPolicy"
  | "policyNotEnabled"
  | "time"
  | "insiderRisk"
  | "authenticationFlow";

/** What came of one policy. A report-only one can apply; it just has no effect. */
export interface PolicyResult {
  readonly policy: ConditionalAccessPolicy;
  readonly applies: boolean;
  readonly reason: AnalysisReason;
}

/** One control that a policy may ask for. */
export type Control =
  | { readonly kind: Exclude<BuiltInControl, "block"> }
  | {
      readonly kind: "strength";
      readonly id: string;
      readonly displayName: string;
      readonly allowedCombinations: readonly string[];
    }
  | { readonly kind: "termsOfUse"; readonly id: string }
  | { readonly kind: "custom"; readonly id: string };

/** One policy's grant: its controls joined by its operator. */
export interface GrantDemand {
  readonly policy: ConditionalAccessPolicy;
  readonly operator: "AND" | "OR";
  readonly controls: readonly Control[];
}

/** What the session is held to, after the policies' session controls are combined. */
export interface SessionDemands {
  /** The strictest one. */
  readonly signInFrequency?: SignInFrequency;
  readonly persistentBrowser?: "always" | "never";
  readonly cloudAppSecurity?: "mcasConfigured" | "monitorOnly" | "blockDownloads";
  readonly applicationEnforcedRestrictions?: boolean;
  readonly disableResilienceDefaults?: boolean;
}

/** Everything that several policies ask for together. */
export interface Demands {
  /** Policies that block. */
  readonly blockedBy: readonly ConditionalAccessPolicy[];
  /** Each has to be met: policies are ANDed, whatever their own operators say. In the order of the policies' names. */
  readonly grants: readonly GrantDemand[];
  readonly session: SessionDemands;
}

export interface Evaluation {
  /** The sign-in that was evaluated. Absent: one in which the person can be asked, on the device that signs in. */
  readonly facts?: SignInFacts;
  /** One per policy, in the given order. */
  readonly results: readonly PolicyResult[];
  /** By enabled policies. */
  readonly enforced: Demands;
  /** By report-only policies alone: what would come on top. */
  readonly reportOnly: Demands;
}

/** What somebody has shown, and could show, in a sign-in. */
export interface Proofs {
  /** The methods that the person has registered, besides the password. */
  readonly registered: readonly MethodName[];
  /** What was used in this sign-in; `none` for the password alone. */
  readonly method: MethodName | "none";
  /** Ids of accepted terms of use. */
  readonly acceptedTerms?: readonly string[];
  readonly passwordChanged?: boolean;
  /** The client is on Microsoft's list of approved applications. */
  readonly approvedApplication?: boolean;
  /** The client has an app protection policy. */
  readonly protectedApplication?: boolean;
}

export type Outcome = "allow" | "challenge" | "block";

/** The combined answer for one sign-in: what `what-if` prints as `verdict`. */
export interface Verdict {
  /**
   * `allow`: nothing is left to ask. `challenge`: the person is asked for something that they can do. `block`: a policy
   * blocks, or asks for what this sign-in cannot show (an unmanaged device, a method that is not registered and cannot be
   * registered on the spot).
   */
  readonly outcome: Outcome;
  /** What is demanded and not shown yet, one text per policy's grant. @example ["mfa", "compliantDevice or domainJoinedDevice"] */
  readonly demands: readonly string[];
  readonly session: SessionDemands;
  /** The AADSTS code that the sign-in ends with; absent for `allow`. */
  readonly code?: number;
  /** Display names of the policies behind `demands` or the block. */
  readonly because: readonly string[];
}
