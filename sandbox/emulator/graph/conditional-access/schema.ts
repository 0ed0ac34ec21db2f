import { z } from "zod";
import type { GraphVersion } from "../request.ts";
import { notHere, wrongShape } from "./errors.ts";

/** Types that Graph writes as a comma-separated text, in Graph's own order. */
const GUESTS = [
  "internalGuest",
  "b2bCollaborationGuest",
  "b2bCollaborationMember",
  "b2bDirectConnectUser",
  "otherExternalUser",
  "serviceProvider",
] as const;
const TRANSFER_METHODS = ["deviceCodeFlow", "authenticationTransfer"] as const;
const USER_ACTION = /^urn:user:(registersecurityinfo|registerdevice)$/;
const INSIDER_RISKS = ["minor", "moderate", "elevated"] as const;

const ids = z.array(z.string().min(1)).nullish();
const riskLevels = z.array(z.enum(["low", "medium", "high", "hidden", "none"])).nullish();
const platforms = z.array(z.enum(["android", "iOS", "windows", "windowsPhone", "macOS", "linux", "all"])).nullish();
const filter = z.strictObject({ mode: z.enum(["include", "exclude"]), rule: z.string().min(1) }).nullish();
/** Known to Graph, and not to the sandbox: only "nothing" is taken. */
const nothing = z.null().optional();
const isEnabled = z.boolean().nullish();

function flags(words: readonly string[]) {
  const split = (text: string) => text.split(",").map((word) => word.trim());
  return z
    .string()
    .refine(
      (text) => split(text).every((word) => words.includes(word)),
      `must name one or more of ${words.join(", ")}, with commas between`,
    )
    .transform((text) => words.filter((word) => split(text).includes(word)).join(","));
}

const guests = z
  .strictObject({
    guestOrExternalUserTypes: flags(GUESTS),
    externalTenants: z
      .discriminatedUnion("membershipKind", [
        z.strictObject({ membershipKind: z.literal("all") }),
        z.strictObject({ membershipKind: z.literal("enumerated"), members: z.array(z.guid()).min(1) }),
      ])
      .nullish(),
  })
  .nullish();

const users = z.strictObject({
  includeUsers: ids,
  excludeUsers: ids,
  includeGroups: ids,
  excludeGroups: ids,
  includeRoles: ids,
  excludeRoles: ids,
  includeGuestsOrExternalUsers: guests,
  excludeGuestsOrExternalUsers: guests,
});

const applications = z.strictObject({
  includeApplications: ids,
  excludeApplications: ids,
  includeUserActions: z.array(z.string().regex(USER_ACTION, "is no user action")).nullish(),
  includeAuthenticationContextClassReferences: z.array(z.string().regex(/^c[1-9]\d?$/, "must be c1 to c99")).nullish(),
  applicationFilter: filter,
  networkAccess: nothing,
  globalSecureAccess: nothing,
});

const conditions = z.strictObject({
  users: users.nullish(),
  applications: applications.nullish(),
  clientAppTypes: z
    .array(z.enum(["all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"]))
    .nullish(),
  clientApplications: z
    .strictObject({
      includeServicePrincipals: ids,
      excludeServicePrincipals: ids,
      servicePrincipalFilter: nothing,
    })
    .nullish(),
  platforms: z.strictObject({ includePlatforms: platforms, excludePlatforms: platforms }).nullish(),
  locations: z.strictObject({ includeLocations: ids, excludeLocations: ids }).nullish(),
  signInRiskLevels: riskLevels,
  userRiskLevels: riskLevels,
  servicePrincipalRiskLevels: riskLevels,
  insiderRiskLevels: flags(INSIDER_RISKS).nullish(),
  devices: z.strictObject({ deviceFilter: filter }).nullish(),
  authenticationFlows: z.strictObject({ transferMethods: flags(TRANSFER_METHODS).nullish() }).nullish(),
  clients: nothing,
  times: nothing,
  deviceStates: nothing,
});

const grantControls = z.strictObject({
  operator: z.enum(["AND", "OR"]),
  builtInControls: z
    .array(
      z.enum([
        "block",
        "mfa",
        "compliantDevice",
        "domainJoinedDevice",
        "approvedApplication",
        "compliantApplication",
        "passwordChange",
      ]),
    )
    .nullish(),
  customAuthenticationFactors: ids,
  termsOfUse: ids,
  // The service refuses a strength that says more than its id.
  authenticationStrength: z.strictObject({ id: z.guid().toLowerCase() }).nullish(),
});

const sessionControls = z.strictObject({
  signInFrequency: z
    .strictObject({
      isEnabled,
      frequencyInterval: z.enum(["timeBased", "everyTime"]).nullish(),
      value: z.int().nullish(),
      type: z.enum(["hours", "days"]).nullish(),
      authenticationType: z.enum(["primaryAndSecondaryAuthentication", "secondaryAuthentication"]).nullish(),
    })
    .nullish(),
  persistentBrowser: z.strictObject({ isEnabled, mode: z.enum(["always", "never"]) }).nullish(),
  applicationEnforcedRestrictions: z.strictObject({ isEnabled }).nullish(),
  cloudAppSecurity: z
    .strictObject({
      isEnabled,
      cloudAppSecurityType: z.enum(["mcasConfigured", "monitorOnly", "blockDownloads"]),
    })
    .nullish(),
  disableResilienceDefaults: z.boolean().nullish(),
  continuousAccessEvaluation: nothing,
  secureSignInSession: nothing,
  networkAccessSecurity: nothing,
  globalSecureAccessFilteringProfile: nothing,
});

const policyPatch = z.strictObject({
  displayName: z.string().min(1).max(256).optional(),
  state: z.enum(["enabled", "disabled", "enabledForReportingButNotEnforced"]).optional(),
  conditions: conditions.optional(),
  grantControls: grantControls.nullish(),
  sessionControls: sessionControls.nullish(),
  templateId: nothing,
  partialEnablementStrategy: nothing,
});

/** What is read is never changed, so that what is stored can stand in its place. */
type Read<T> = T extends object ? { readonly [K in keyof T]: Read<T[K]> } : T;

export type PolicyPatch = Read<z.output<typeof policyPatch>>;
export type PolicyBody = PolicyPatch & Required<Pick<PolicyPatch, "displayName" | "state" | "conditions">>;
export type ConditionsBody = Read<z.output<typeof conditions>>;
export type GuestsBody = Read<z.output<typeof guests>>;
export type GrantBody = Read<z.output<typeof grantControls>>;
export type SessionBody = Read<z.output<typeof sessionControls>>;

/** What only beta has. There, "nothing" is a right value; any other is one that the sandbox does not emulate. */
const BETA_ONLY: readonly (readonly [parent: string, name: string])[] = [
  ["", "partialEnablementStrategy"],
  ["conditions", "clients"],
  ["conditions", "times"],
  ["conditions", "deviceStates"],
  ["conditions.applications", "networkAccess"],
  ["conditions.applications", "globalSecureAccess"],
  ["sessionControls", "continuousAccessEvaluation"],
  ["sessionControls", "secureSignInSession"],
  ["sessionControls", "networkAccessSecurity"],
  ["sessionControls", "globalSecureAccessFilteringProfile"],
];

/** In both versions, and not in the sandbox: nothing there could be named by it. */
const NOT_EMULATED: readonly (readonly [parent: string, name: string, what: string])[] = [
  ["conditions.clientApplications", "servicePrincipalFilter", "filters for service principals"],
  ["grantControls", "termsOfUse", "terms of use"],
  ["grantControls", "customAuthenticationFactors", "custom controls"],
];

/** Reads the body of `PATCH`: any part of a policy. */
export function readPolicyPatch(body: unknown, version: GraphVersion): PolicyPatch {
  for (const [parent, name] of BETA_ONLY) {
    const value = at(body, parent)[name];
    if (version === "v1.0" && value !== undefined)
      throw wrongShape(version, `${join(parent, name)} is known to beta only`);
    if (value !== undefined && value !== null) throw notHere(join(parent, name));
  }
  for (const [parent, name, what] of NOT_EMULATED) {
    const value = at(body, parent)[name];
    if (value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)) throw notHere(what);
  }
  const result = policyPatch.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys : [];
  const path = [...(issue?.path ?? []), ...unknown.slice(0, 1)].join(".");
  throw wrongShape(version, `${path === "" ? "" : `${path}: `}${issue?.message ?? "not an object"}`);
}

/** Reads the body of `POST`. https://learn.microsoft.com/graph/api/conditionalaccessroot-post-policies */
export function readPolicy(body: unknown, version: GraphVersion): PolicyBody {
  const { displayName, state, conditions: given, ...rest } = readPolicyPatch(body, version);
  if (displayName === undefined || state === undefined || given === undefined)
    throw wrongShape(version, "displayName, state and conditions are required");
  return { displayName, state, conditions: given, ...rest };
}

const join = (parent: string, name: string) => (parent === "" ? name : `${parent}.${name}`);

function at(body: unknown, path: string): Record<string, unknown> {
  const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
  let value = body;
  for (const name of path === "" ? [] : path.split(".")) value = isObject(value) ? value[name] : undefined;
  return isObject(value) ? value : {};
}
