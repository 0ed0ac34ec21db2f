import { BREAK_GLASS, readReference } from "./declared.ts";
import { grantDemand, isBlocking } from "./grants.ts";
import type {
  ApplicationConditions,
  ClientAppType,
  ConditionalAccessPolicy,
  PolicyConditions,
  UserConditions,
} from "./policy.ts";
import { UNMANAGED } from "./policy-conditions.ts";
import { sessionDemands } from "./session.ts";
import { isAboutWorkloads } from "./shape.ts";
import { controlText } from "./verdict.ts";
import { demandWords, joinedWords, sessionWords } from "./words.ts";

/** A policy in words, for people who read no JSON. */
export interface PolicyWords {
  /** @example "everybody except guests" */
  readonly who: string;
  /** Conditions that all have to hold; empty where the policy looks at every sign-in. */
  readonly when: readonly string[];
  /** @example ["multifactor authentication", "signs in again after 1 hour"] */
  readonly demands: readonly string[];
}

const CLIENTS: Readonly<Record<ClientAppType, string>> = {
  all: "any client",
  browser: "a browser",
  mobileAppsAndDesktopClients: "a desktop or mobile app",
  exchangeActiveSync: "Exchange ActiveSync",
  easSupported: "Exchange ActiveSync with a known platform",
  other: "a legacy client",
};

/** What a policy says. The break-glass group is left out, since every policy spares it. */
export function policyWords(policy: ConditionalAccessPolicy): PolicyWords {
  const { users } = policy.conditions;
  return {
    who: isAboutWorkloads(policy) || users === null ? "programs" : whoWords(users),
    when: [...whenWords(policy.conditions), ...targetWords(policy.conditions.applications)],
    demands: demandsOf(policy),
  };
}

function whoWords(users: UserConditions): string {
  const wanted = [
    ...users.includeUsers.map(userWords),
    ...users.includeGroups.map(referenceWords),
    ...users.includeRoles.map((role) => `holders of the directory role ${role}`),
    ...(users.includeGuestsOrExternalUsers === null ? [] : ["guests"]),
  ];
  const spared = [
    ...users.excludeUsers.map(userWords),
    ...users.excludeGroups.filter((group) => group !== BREAK_GLASS).map(referenceWords),
    ...users.excludeRoles.map((role) => `holders of the directory role ${role}`),
    ...(users.excludeGuestsOrExternalUsers === null ? [] : ["guests"]),
  ];
  const who = wanted.length === 0 ? "nobody" : joinedWords(wanted, "and");
  return spared.length === 0 ? who : `${who} except ${joinedWords(spared, "and")}`;
}

function userWords(user: string): string {
  if (user === "All") return "everybody";
  if (user === "None") return "nobody";
  return user === "GuestsOrExternalUsers" ? "guests" : referenceWords(user);
}

/** References by what they mean; an id stays an id. */
function referenceWords(text: string): string {
  const found = readReference(text);
  if (found === undefined) return text;
  if (found.kind === "team") return `members of ${found.key}`;
  return found.kind === "location" ? placeWords(found.key) : found.key;
}

function placeWords(key: string): string {
  return key === "countries" ? "the countries where people work" : `the office ${key}`;
}

function whenWords(conditions: PolicyConditions): string[] {
  const { clientAppTypes, platforms, locations, devices, authenticationFlows } = conditions;
  const risks = (levels: readonly string[], of: string) =>
    levels.length === 0 ? [] : [`${joinedWords(levels, "or")} ${of}`];
  return [
    ...(clientAppTypes.includes("all")
      ? []
      : [
          `with ${joinedWords(
            clientAppTypes.map((type) => CLIENTS[type]),
            "or",
          )}`,
        ]),
    ...(platforms === null ? [] : [platformWords(platforms.includePlatforms, platforms.excludePlatforms)]),
    ...(locations === null ? [] : [locationWords(locations.includeLocations, locations.excludeLocations)]),
    ...risks(conditions.signInRiskLevels, "risk of the sign-in"),
    ...risks(conditions.userRiskLevels, "risk of the account"),
    ...risks(conditions.insiderRiskLevels?.split(",") ?? [], "insider risk"),
    ...deviceWords(devices?.deviceFilter ?? null),
    ...(authenticationFlows === null ? [] : [flowWords(authenticationFlows.transferMethods)]),
  ];
}

function platformWords(included: readonly string[], excluded: readonly string[]): string {
  const names = (list: readonly string[]) => joinedWords(list, "or");
  if (!included.includes("all")) return `on ${names(included)}`;
  return excluded.length === 0 ? "on any platform" : `on a platform other than ${names(excluded)}`;
}

function locationWords(included: readonly string[], excluded: readonly string[]): string {
  const words = (list: readonly string[]) =>
    joinedWords(
      list.map((place) => (place === "AllTrusted" ? "trusted places" : referenceWords(place))),
      "and",
    );
  if (!included.includes("All")) {
    return excluded.length === 0 ? `from ${words(included)}` : `from ${words(included)}, but not ${words(excluded)}`;
  }
  return excluded.length === 0 ? "from anywhere" : `from outside ${words(excluded)}`;
}

function deviceWords(filter: { readonly mode: "include" | "exclude"; readonly rule: string } | null): string[] {
  if (filter === null) return [];
  if (filter.mode === UNMANAGED.mode && filter.rule === UNMANAGED.rule) return ["on a device that nobody manages"];
  return [`on a device ${filter.mode === "include" ? "for which this holds" : "other than"}: ${filter.rule}`];
}

function flowWords(methods: string): string {
  const words = methods
    .split(",")
    .map((method) => (method === "deviceCodeFlow" ? "device code flow" : "authentication transfer"));
  return `by ${joinedWords(words, "or")}`;
}

/** What a policy guards beside applications by their ids. */
function targetWords(applications: ApplicationConditions): string[] {
  const { includeUserActions, includeAuthenticationContextClassReferences: contexts, applicationFilter } = applications;
  return [
    ...includeUserActions.map((action) => `for the action ${action}`),
    ...contexts.map((context) => `for the authentication context ${context}`),
    ...(applicationFilter === null
      ? []
      : [
          `for applications ${applicationFilter.mode === "include" ? "with" : "without"} the attributes ${applicationFilter.rule}`,
        ]),
  ];
}

function demandsOf(policy: ConditionalAccessPolicy): string[] {
  const session = policy.sessionControls === null ? [] : sessionWords(sessionDemands(policy.sessionControls));
  if (isBlocking(policy)) return ["blocked"];
  const grant = grantDemand(policy);
  if (grant === undefined) return session;
  const text = grant.controls.map(controlText).join(grant.operator === "OR" ? " or " : " and ");
  return [demandWords([text]), ...session];
}
