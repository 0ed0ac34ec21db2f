import { z } from "zod";
import { METHOD_NAMES, type MethodName } from "../methods.ts";

/**
 * The YAML shape of the evaluator's cases: compact, with everything left out that an ordinary policy or sign-in has anyway.
 * Every object is strict, so that a misspelt key fails instead of testing nothing.
 */
const text = z.string().min(1);
const list = z.array(text);
const risk = z.enum(["low", "medium", "high", "hidden", "none"]);
const platform = z.enum(["android", "iOS", "windows", "windowsPhone", "macOS", "linux"]);
const clientApp = z.enum(["browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"]);
const guestKind = z.enum([
  "internalGuest",
  "b2bCollaborationGuest",
  "b2bCollaborationMember",
  "b2bDirectConnectUser",
  "otherExternalUser",
  "serviceProvider",
]);
/** @example "4h", "1d", "every" */
const frequency = z.string().regex(/^(\d+[hd]|every)$/);
const method = z.enum(METHOD_NAMES as [MethodName, ...MethodName[]]);

const guests = z.strictObject({
  types: text,
  /** Absent: Graph's null. */
  tenants: z.union([z.literal("all"), list]).optional(),
});

const filter = z.strictObject({ mode: z.enum(["include", "exclude"]), rule: text });

/** `all` is AND, `any` is OR. Controls are Graph's, or `strength:<name>`, `terms:<id>`, `custom:<id>`. */
const grant = z.union([text, z.strictObject({ all: list }), z.strictObject({ any: list }), z.null()]);

const session = z.strictObject({
  frequency: frequency.optional(),
  /** A frequency whose switch is off. */
  disabledFrequency: frequency.optional(),
  persistentBrowser: z.enum(["always", "never"]).optional(),
  cloudAppSecurity: z.enum(["mcasConfigured", "monitorOnly", "blockDownloads"]).optional(),
  restrictions: z.boolean().optional(),
  resilienceOff: z.boolean().optional(),
});

/** What differs from an enabled policy that asks everybody for MFA in every application. */
export const policyShape = z.strictObject({
  name: text.optional(),
  state: z.enum(["enabled", "disabled", "enabledForReportingButNotEnforced"]).optional(),
  /** Once it includes anybody, `All` is left out. Null: a policy about workload identities only. */
  users: z
    .strictObject({
      includeUsers: list.optional(),
      excludeUsers: list.optional(),
      includeGroups: list.optional(),
      excludeGroups: list.optional(),
      includeRoles: list.optional(),
      excludeRoles: list.optional(),
      includeGuests: guests.optional(),
      excludeGuests: guests.optional(),
    })
    .nullable()
    .optional(),
  /** Once it includes anything, `All` is left out. */
  applications: z
    .strictObject({
      include: list.optional(),
      exclude: list.optional(),
      userActions: list.optional(),
      contexts: list.optional(),
      filter: filter.optional(),
    })
    .optional(),
  servicePrincipals: z.strictObject({ include: list, exclude: list.optional() }).optional(),
  clientAppTypes: z.array(z.union([clientApp, z.literal("all")])).optional(),
  platforms: z
    .strictObject({
      include: z.array(z.union([platform, z.literal("all")])),
      exclude: z.array(z.union([platform, z.literal("all")])).optional(),
    })
    .optional(),
  locations: z.strictObject({ include: list, exclude: list.optional() }).optional(),
  signInRiskLevels: z.array(risk).optional(),
  userRiskLevels: z.array(risk).optional(),
  servicePrincipalRiskLevels: z.array(risk).optional(),
  insiderRiskLevels: text.optional(),
  deviceFilter: filter.optional(),
  transferMethods: text.optional(),
  grant: grant.optional(),
  session: session.optional(),
});
export type PolicyCase = z.infer<typeof policyShape>;

/** What differs from a registered person's device: not compliant, `Workplace`. */
const device = z.strictObject({
  isCompliant: z.boolean().optional(),
  trustType: z.enum(["AzureAD", "ServerAD", "Workplace"]).nullable().optional(),
  deviceId: text.optional(),
  displayName: text.optional(),
  deviceOwnership: z.enum(["Company", "Personal"]).optional(),
  enrollmentProfileName: text.optional(),
  manufacturer: text.optional(),
  mdmAppId: text.optional(),
  model: text.optional(),
  operatingSystem: text.optional(),
  operatingSystemVersion: text.optional(),
  physicalIds: list.optional(),
  profileType: text.optional(),
  systemLabels: list.optional(),
  extensionAttributes: z.record(z.string(), text).optional(),
});

/** What differs from a member of the tenant at a browser on unmanaged Windows in Germany, without any risk. */
export const signInShape = z.strictObject({
  person: z
    .strictObject({
      id: text.optional(),
      guest: guestKind.optional(),
      homeTenantId: text.optional(),
      groups: list.optional(),
      roles: list.optional(),
    })
    .optional(),
  workload: z.strictObject({ id: text, ownedByTenant: z.boolean() }).optional(),
  applications: list.optional(),
  /** Custom security attributes by application. */
  attributes: z.record(z.string(), z.record(z.string(), list)).optional(),
  userAction: text.optional(),
  authenticationContext: text.optional(),
  ipAddress: text.optional(),
  country: z.string().length(2).nullable().optional(),
  devicePlatform: platform.nullable().optional(),
  clientAppType: clientApp.optional(),
  signInRiskLevel: risk.optional(),
  userRiskLevel: risk.optional(),
  servicePrincipalRiskLevel: risk.optional(),
  insiderRiskLevel: z.enum(["none", "minor", "moderate", "elevated"]).optional(),
  authenticationFlow: z.enum(["none", "deviceCodeFlow", "authenticationTransfer"]).optional(),
  device: device.nullable().optional(),
  /** Conditions that nobody knows. */
  unknown: z
    .array(
      z.enum([
        "ipAddress",
        "country",
        "devicePlatform",
        "clientAppType",
        "signInRiskLevel",
        "userRiskLevel",
        "servicePrincipalRiskLevel",
        "insiderRiskLevel",
        "authenticationFlow",
        "device",
      ]),
    )
    .optional(),
});
export type SignInCase = z.infer<typeof signInShape>;

/** What differs from somebody with an authenticator who has given the password alone. */
export const proofsShape = z.strictObject({
  registered: z.array(method).optional(),
  method: z.union([method, z.literal("none")]).optional(),
  acceptedTerms: list.optional(),
  passwordChanged: z.boolean().optional(),
  approvedApplication: z.boolean().optional(),
  protectedApplication: z.boolean().optional(),
});
export type ProofsCase = z.infer<typeof proofsShape>;

/** `applies`; a reason of Microsoft's; or `not`, where documents leave the reason open. */
const result = z.enum([
  "applies",
  "not",
  "notEnoughInformation",
  "users",
  "workloadIdentities",
  "application",
  "userActions",
  "authenticationContext",
  "devicePlatform",
  "devices",
  "clientApps",
  "location",
  "signInRisk",
  "userRisk",
  "policyNotEnabled",
  "insiderRisk",
  "authenticationFlow",
]);
export type ExpectedResult = z.infer<typeof result>;

const sessionDemands = session.omit({ disabledFrequency: true });
export type SessionCase = z.infer<typeof sessionDemands>;

const expectation = z.strictObject({
  results: z.record(z.string(), result).optional(),
  outcome: z.enum(["allow", "challenge", "block"]).optional(),
  /** Which demands are left, in any order and each once. */
  demands: list.or(z.array(z.never())).optional(),
  code: z.number().int().optional(),
  session: sessionDemands.optional(),
  blockedBy: z.array(text).optional(),
  /** Names of the policies whose grants have to be met. */
  grants: z.array(text).optional(),
  reportOnly: z
    .strictObject({
      blockedBy: z.array(text).optional(),
      grants: z.array(text).optional(),
      session: sessionDemands.optional(),
    })
    .optional(),
});
const something = expectation.refine((found) => Object.keys(found).length > 0, "expects nothing");
export type Expectation = z.infer<typeof expectation>;

export const evaluatorCaseShape = z
  .strictObject({
    /** The rule that the case tests. */
    name: text,
    /** Key of the file's sources. */
    source: text.optional(),
    /** Why no document says so. */
    unconfirmed: text.optional(),
    policy: policyShape.optional(),
    policies: z.array(policyShape).optional(),
    signIn: signInShape.optional(),
    proofs: proofsShape.optional(),
    expect: z.union([result, something]),
  })
  .refine((found) => (found.source === undefined) !== (found.unconfirmed === undefined), "one of source, unconfirmed")
  .refine((found) => found.policy === undefined || found.policies === undefined, "policy or policies, not both");
export type EvaluatorCase = z.infer<typeof evaluatorCaseShape>;

const locationShape = z.union([
  z.strictObject({ ranges: list, trusted: z.boolean().optional() }),
  z.strictObject({ countries: list, unknown: z.boolean().optional() }),
]);
export type LocationCase = z.infer<typeof locationShape>;

/** One file of cases. */
export const caseFileShape = z.strictObject({
  sources: z.record(z.string(), z.string().regex(/^https:\/\/learn\.microsoft\.com\//)),
  locations: z.record(z.string(), locationShape).optional(),
  /** The company's own authentication strengths: their combinations. */
  strengths: z.record(z.string(), list).optional(),
  cases: z.array(evaluatorCaseShape).min(1),
});
export type CaseFile = z.infer<typeof caseFileShape>;
