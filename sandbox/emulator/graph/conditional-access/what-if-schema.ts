import { z } from "zod";
import type {
  DeviceFacts,
  SignInConditions,
  SignInFacts,
  SignInTarget,
} from "../../../../model/conditional-access/sign-in.ts";
import { identityOf } from "../../conditional-access.ts";
import type { Directory } from "../../directory.ts";
import { guid } from "../body.ts";
import type { GraphRequest, GraphVersion } from "../request.ts";
import { refused, unknownIds } from "./errors.ts";

/** Clients may mark any object with its type; only identity and context are told apart by it. */
const mark = { "@odata.type": z.string().optional() };
const riskLevel = z.enum(["low", "medium", "high", "hidden", "none"]).default("none");
const text = z.string().nullish();

const signInIdentity = z.discriminatedUnion("@odata.type", [
  z.strictObject({
    "@odata.type": z.literal("#microsoft.graph.userSignIn"),
    userId: guid,
    externalUserType: z
      .enum([
        "none",
        "internalGuest",
        "b2bCollaborationGuest",
        "b2bCollaborationMember",
        "b2bDirectConnectUser",
        "otherExternalUser",
        "serviceProvider",
      ])
      .nullish(),
    externalTenantId: guid.nullish(),
  }),
  z.strictObject({
    "@odata.type": z.literal("#microsoft.graph.servicePrincipalSignIn"),
    servicePrincipalId: guid,
  }),
]);

const USER_ACTIONS = {
  registerSecurityInformation: "urn:user:registersecurityinfo",
  registerOrJoinDevices: "urn:user:registerdevice",
} as const;

const signInContext = z.discriminatedUnion("@odata.type", [
  z.strictObject({
    "@odata.type": z.literal("#microsoft.graph.applicationContext"),
    includeApplications: z.array(guid).min(1),
  }),
  z.strictObject({
    "@odata.type": z.literal("#microsoft.graph.userActionContext"),
    userAction: z.enum(["registerSecurityInformation", "registerOrJoinDevices"]),
  }),
  z.strictObject({
    "@odata.type": z.literal("#microsoft.graph.authContext"),
    authenticationContextValue: z.string().regex(/^c[1-9]\d?$/, "must be c1 to c99"),
  }),
]);

const TRUST_TYPES = { AzureAD: "AzureAD", EntraID: "AzureAD", ServerAD: "ServerAD", Workplace: "Workplace" } as const;
const EXTENSION_ATTRIBUTES = Array.from({ length: 15 }, (_, index) => `extensionAttribute${index + 1}`);

const deviceInfo = z.strictObject({
  ...mark,
  deviceId: text,
  displayName: text,
  enrollmentProfileName: text,
  isCompliant: z.boolean().nullish(),
  manufacturer: text,
  mdmAppId: text,
  model: text,
  operatingSystem: text,
  operatingSystemVersion: text,
  ownership: z.enum(["Company", "Personal"]).nullish(),
  physicalIds: z.array(z.string()).nullish(),
  profileType: text,
  systemLabels: z.array(z.string()).nullish(),
  trustType: z.enum(Object.keys(TRUST_TYPES) as (keyof typeof TRUST_TYPES)[]).nullish(),
  ...Object.fromEntries(EXTENSION_ATTRIBUTES.map((name) => [name, text])),
});

/** https://learn.microsoft.com/graph/api/resources/signinconditions, with its defaults. */
const signInConditions = z.strictObject({
  ...mark,
  devicePlatform: z.enum(["android", "iOS", "windows", "windowsPhone", "macOS", "linux", "all"]).default("all"),
  clientAppType: z
    .enum(["all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"])
    .default("all"),
  signInRiskLevel: riskLevel,
  userRiskLevel: riskLevel,
  servicePrincipalRiskLevel: riskLevel,
  insiderRiskLevel: z.enum(["none", "minor", "moderate", "elevated"]).default("none"),
  country: text,
  ipAddress: z.union([z.ipv4(), z.ipv6()]).nullish(),
  authenticationFlow: z
    .strictObject({
      ...mark,
      transferMethod: z.enum(["none", "deviceCodeFlow", "authenticationTransfer"]).default("none"),
    })
    .nullish(),
  deviceInfo: deviceInfo.nullish(),
});

const question = z.strictObject({
  signInIdentity,
  signInContext,
  signInConditions,
  appliedPoliciesOnly: z.boolean().nullish(),
});

/** Reads the body of `evaluate` into the evaluator's facts. */
export function readSignIn(request: GraphRequest): { facts: SignInFacts; appliedPoliciesOnly: boolean } {
  const { data, version } = request;
  const result = question.safeParse(request.rawBody);
  if (!result.success) {
    const [issue] = result.error.issues;
    const unknown = issue?.code === "unrecognized_keys" ? issue.keys : [];
    const place = [...(issue?.path ?? []), ...unknown.slice(0, 1)].join(".");
    throw refused(version, `Invalid value specified for property '${place}'. ${issue?.message}`);
  }
  const body = result.data;
  return {
    facts: {
      identity: identity(data, version, body.signInIdentity),
      target: target(body.signInContext),
      conditions: conditions(body.signInConditions),
    },
    appliedPoliciesOnly: body.appliedPoliciesOnly ?? false,
  };
}

function identity(
  data: Directory,
  version: GraphVersion,
  body: z.output<typeof signInIdentity>,
): SignInFacts["identity"] {
  if (body["@odata.type"] === "#microsoft.graph.servicePrincipalSignIn") {
    const principal = data.servicePrincipals[body.servicePrincipalId];
    if (principal === undefined)
      throw unknownIds(version, "signInIdentity", "service principal", [body.servicePrincipalId]);
    const { id, servicePrincipalType, appOwnerOrganizationId } = principal;
    const ownedByTenant = servicePrincipalType === "Application" && appOwnerOrganizationId === data.tenantId;
    return { kind: "workload", id, ownedByTenant };
  }
  const user = data.users[body.userId];
  if (user === undefined) throw unknownIds(version, "signInIdentity", "user", [body.userId]);
  const { guest, ...person } = identityOf(data, user);
  const kind = body.externalUserType ?? guest;
  return {
    ...person,
    ...(kind !== undefined && kind !== "none" && { guest: kind }),
    ...(body.externalTenantId && { homeTenantId: body.externalTenantId }),
  };
}

function target(body: z.output<typeof signInContext>): SignInTarget {
  switch (body["@odata.type"]) {
    case "#microsoft.graph.applicationContext":
      return { kind: "applications", clientIds: body.includeApplications };
    case "#microsoft.graph.userActionContext":
      return { kind: "userAction", action: USER_ACTIONS[body.userAction] };
    default:
      return { kind: "authenticationContext", value: body.authenticationContextValue };
  }
}

/** What is not told stays unknown, so that a policy that asks for it answers `notEnoughInformation`. */
function conditions(body: z.output<typeof signInConditions>): SignInConditions {
  const { devicePlatform, clientAppType, country, ipAddress, deviceInfo: device } = body;
  return {
    signInRiskLevel: body.signInRiskLevel,
    userRiskLevel: body.userRiskLevel,
    servicePrincipalRiskLevel: body.servicePrincipalRiskLevel,
    insiderRiskLevel: body.insiderRiskLevel,
    authenticationFlow: body.authenticationFlow?.transferMethod ?? "none",
    ...(devicePlatform !== "all" && { devicePlatform }),
    ...(clientAppType !== "all" && { clientAppType }),
    ...(country && { country }),
    ...(ipAddress && { ipAddress }),
    ...(device && { device: deviceFacts(device) }),
  };
}

function deviceFacts(body: z.output<typeof deviceInfo>): DeviceFacts {
  const { "@odata.type": _, isCompliant, trustType, ownership, ...rest } = body;
  const told = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined);
  const isExtension = (name: string) => EXTENSION_ATTRIBUTES.includes(name);
  return {
    ...Object.fromEntries(told.filter(([name]) => !isExtension(name))),
    isCompliant: isCompliant ?? false,
    trustType: trustType ? TRUST_TYPES[trustType] : null,
    ...(ownership && { deviceOwnership: ownership }),
    extensionAttributes: Object.fromEntries(
      told.filter(([name]) => isExtension(name)).map(([name, value]) => [name, String(value)]),
    ),
  };
}
