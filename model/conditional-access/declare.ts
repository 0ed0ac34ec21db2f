import { declaredTools } from "../declared-tools.ts";
import type { EnforcementState } from "../settings/conditional-access/words.ts";
import type { Settings } from "../settings/schema.ts";
import type { ToolContract } from "../tool-contract.ts";
import { COUNTRIES } from "./baseline/countries.ts";
import { PARTS } from "./baseline/index.ts";
import type { BaselineContext } from "./baseline/part.ts";
import { applications, conditions } from "./blank.ts";
import {
  BASELINE_PARTS,
  type BaselinePart,
  type DeclaredConditionalAccess,
  type DeclaredPolicy,
  reference,
} from "./declared.ts";
import { ownStrength } from "./own-grant.ts";
import { ownPolicy } from "./own-policy.ts";
import type {
  GrantControls,
  NamedLocation,
  PolicyConditions,
  PolicyState,
  SessionControls,
  SignInFrequency,
} from "./policy.ts";
import { conditionalAccessTarget } from "./targets.ts";

/** What Graph calls the states; what is off is not declared at all. */
const GRAPH_STATES: Readonly<Record<Exclude<EnforcementState, "off">, PolicyState>> = {
  "report-only": "enabledForReportingButNotEnforced",
  enforced: "enabled",
};

/**
 * The policies that the settings mean, with the named locations and strengths that they may name: the baseline's parts, then
 * the company's own. Every one leaves the break-glass group out, and reaches the stack's tools alone unless it names other
 * applications. Where there is no policy there is nothing at all.
 */
export function declaredConditionalAccess(
  settings: Settings,
  contracts: readonly ToolContract[],
): DeclaredConditionalAccess {
  const tools = declaredTools(settings, contracts);
  const targets = new Map(tools.map((tool) => [tool.id, conditionalAccessTarget(tool)]));
  const context: BaselineContext = {
    settings: settings.conditionalAccess,
    adminTeams: adminTeams(settings, contracts).map((team) => reference("team", team)),
    trustedOffices: Object.entries(settings.conditionalAccess.offices)
      .filter(([, { trusted }]) => trusted)
      .map(([name]) => reference("location", name)),
  };
  const policies = [
    ...(targets.size === 0 ? [] : BASELINE_PARTS.flatMap((part) => partPolicies(settings, context, part, targets))),
    ...ownPolicies(settings, targets),
  ];
  if (policies.length === 0) return { locations: [], strengths: [], policies: [] };
  return { locations: locations(settings), strengths: strengths(settings), policies };
}

/** The state of a part of the baseline: its own, or that of the whole. */
export function partState(
  { conditionalAccess }: Pick<Settings, "conditionalAccess">,
  part: BaselinePart,
): EnforcementState {
  return conditionalAccess.baseline[part]?.state ?? conditionalAccess.state;
}

/** Teams that hold an admin role in some tool, sorted. */
export function adminTeams(settings: Settings, contracts: readonly ToolContract[]): string[] {
  const teams = declaredTools(settings, contracts).flatMap(({ contract, tool }) =>
    contract
      .roles(tool)
      .filter(({ admin }) => admin)
      .flatMap(({ value }) => tool.access[value] ?? []),
  );
  return [...new Set(teams)].sort();
}

function partPolicies(
  settings: Settings,
  context: BaselineContext,
  part: BaselinePart,
  targets: ReadonlyMap<string, string>,
): DeclaredPolicy[] {
  const state = partState(settings, part);
  if (state === "off") return [];
  const guarded = applications([...new Set(targets.values())]);
  return PARTS[part](context).map(({ suffix, title, conditions: given, grant = null, frequency = null }) => {
    const key = ["baseline", part, ...(suffix === undefined ? [] : [suffix])].join("-");
    const where = conditions({ ...given, applications: guarded });
    return { key, part, policy: policyOf(settings, key, title, state, where, grant, frequency) };
  });
}

function ownPolicies(settings: Settings, targets: ReadonlyMap<string, string>): DeclaredPolicy[] {
  return Object.entries(settings.conditionalAccess.policies).flatMap(([name, own]) => {
    const state = own.state ?? settings.conditionalAccess.state;
    if (state === "off") return [];
    const key = `own-${name}`;
    const parts = ownPolicy(settings, own, targets);
    return [
      { key, policy: policyOf(settings, key, own.displayName, state, parts.conditions, parts.grant, parts.frequency) },
    ];
  });
}

function policyOf(
  settings: Settings,
  id: string,
  title: string,
  state: Exclude<EnforcementState, "off">,
  where: PolicyConditions,
  grantControls: GrantControls | null,
  frequency: SignInFrequency | null,
) {
  const displayName = named(settings, title);
  return {
    id,
    displayName,
    state: GRAPH_STATES[state],
    conditions: where,
    grantControls,
    sessionControls: session(frequency),
  };
}

/** Entra collapses session controls that have no effect to null, so they are null here. */
function session(signInFrequency: SignInFrequency | null): SessionControls | null {
  if (signInFrequency === null) return null;
  return {
    signInFrequency,
    persistentBrowser: null,
    applicationEnforcedRestrictions: null,
    cloudAppSecurity: null,
    disableResilienceDefaults: null,
  };
}

function locations(settings: Settings): { key: string; location: NamedLocation }[] {
  const { countries, offices } = settings.conditionalAccess;
  const places: { key: string; location: NamedLocation }[] = Object.entries(offices).map(
    ([key, { ranges, trusted }]) => ({
      key,
      location: {
        kind: "ip",
        id: reference("location", key),
        displayName: named(settings, `Office ${key}`),
        isTrusted: trusted,
        ranges,
      },
    }),
  );
  if (countries.length === 0) return places;
  const work: NamedLocation = {
    kind: "country",
    id: reference("location", COUNTRIES),
    displayName: named(settings, "Countries where people work"),
    countriesAndRegions: countries,
    includeUnknownCountriesAndRegions: false,
    countryLookupMethod: "clientIpAddress",
  };
  return [{ key: COUNTRIES, location: work }, ...places];
}

function strengths(settings: Settings) {
  return Object.keys(settings.conditionalAccess.strengths).flatMap((key) => {
    const strength = ownStrength(settings, key);
    if (strength === undefined) return [];
    return [{ key, strength }];
  });
}

/** Names say whose they are: a tenant may hold several environments. */
function named({ organization, environment }: Settings, title: string): string {
  return `${organization} ${environment} - ${title}`;
}
