import { randomUUID } from "node:crypto";
import type { SignInConditions } from "../../../model/conditional-access/sign-in.ts";
import type { EmulatorContext } from "../context.ts";
import type { Application, ServicePrincipal, User } from "../directory.ts";
import { appliedPolicies } from "./applied-policies.ts";
import type { AccessAnswer } from "./conditional-access.ts";
import type { EntraError } from "./errors.ts";
import { servicePrincipalOf } from "./resources.ts";
import type { SignInEntry } from "./sign-in-log.ts";
import { recordSignIn } from "./sign-in-log.ts";

/** One sign-in as Conditional Access judged it. */
export interface SignInRecord {
  readonly actor: { readonly user: User } | { readonly servicePrincipal: ServicePrincipal };
  readonly client: Pick<Application, "appId" | "displayName">;
  /** Client id of the resource whose token was asked for. */
  readonly resourceId: string;
  readonly conditions: SignInConditions;
  readonly answer: AccessAnswer;
  /** Absent for a sign-in that went through. */
  readonly refused?: { readonly error: EntraError; readonly because: readonly string[] };
  readonly correlationId: string;
  readonly type: "interactiveUser" | "nonInteractiveUser" | "servicePrincipal";
}

const CLIENT_NAMES: Readonly<Record<string, string>> = {
  browser: "Browser",
  mobileAppsAndDesktopClients: "Mobile Apps and Desktop clients",
  exchangeActiveSync: "Exchange ActiveSync",
};
const TRUST: Readonly<Record<string, string>> = {
  AzureAD: "Azure AD joined",
  ServerAD: "Hybrid Azure AD joined",
  Workplace: "Azure AD registered",
};

/** Writes a sign-in into the log. */
export function logSignIn(context: EmulatorContext, record: SignInRecord): void {
  const { actor, client, resourceId, conditions, answer, refused, type } = record;
  const applied = answer.evaluation.results.some(({ applies, policy }) => applies && policy.state === "enabled");
  const blocked = refused === undefined ? "success" : "failure";
  const entry: SignInEntry = {
    id: randomUUID(),
    createdDateTime: context.now().toISOString(),
    ...names(actor),
    appId: client.appId,
    appDisplayName: client.displayName,
    resourceId,
    resourceDisplayName: servicePrincipalOf(context.store.data, resourceId)?.displayName ?? null,
    correlationId: record.correlationId,
    isInteractive: type === "interactiveUser",
    signInEventTypes: [type],
    ...surroundingsOf(conditions),
    status: {
      errorCode: refused?.error.details.code ?? 0,
      failureReason: refused === undefined ? "Other." : refused.error.details.message.replace(/^AADSTS\d+: /, ""),
      additionalDetails: null,
    },
    conditionalAccessStatus: applied ? blocked : "notApplied",
    appliedConditionalAccessPolicies: appliedPolicies(answer, refused?.because),
  };
  recordSignIn(context, entry);
}

function names(actor: SignInRecord["actor"]): object {
  if ("servicePrincipal" in actor) {
    const { id, displayName } = actor.servicePrincipal;
    return { servicePrincipalId: id, servicePrincipalName: displayName };
  }
  const { id, displayName, userPrincipalName } = actor.user;
  return { userId: id, userDisplayName: displayName, userPrincipalName };
}

function surroundingsOf({
  ipAddress,
  country,
  device,
  devicePlatform,
  clientAppType,
  signInRiskLevel,
  authenticationFlow,
}: SignInConditions): object {
  return {
    ipAddress: ipAddress ?? null,
    location: { city: null, state: null, countryOrRegion: country ?? null },
    clientAppUsed: clientAppType === undefined ? null : (CLIENT_NAMES[clientAppType] ?? "Other clients"),
    authenticationProtocol: authenticationFlow === "deviceCodeFlow" ? "deviceCode" : "oAuth2",
    riskLevelDuringSignIn: signInRiskLevel ?? "none",
    deviceDetail: {
      deviceId: device?.deviceId ?? "",
      displayName: device?.displayName ?? null,
      operatingSystem: devicePlatform ?? null,
      browser: null,
      isCompliant: device?.isCompliant ?? false,
      isManaged: device?.trustType === "AzureAD" || device?.trustType === "ServerAD",
      trustType: TRUST[device?.trustType ?? ""] ?? "",
    },
  };
}
