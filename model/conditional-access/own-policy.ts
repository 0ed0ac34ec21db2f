import type { OwnPolicy } from "../settings/conditional-access/policies.ts";
import { PLACES } from "../settings/conditional-access/words.ts";
import type { Settings } from "../settings/schema.ts";
import { applications, conditions } from "./blank.ts";
import { reference } from "./declared.ts";
import { signInFrequency } from "./grant-controls.ts";
import { ownGrant } from "./own-grant.ts";
import { personReference } from "./people.ts";
import type { ClientAppType, GrantControls, PlatformName, PolicyConditions, SignInFrequency } from "./policy.ts";
import { ALL_GUESTS, UNMANAGED, users } from "./policy-conditions.ts";

const CLIENTS: Readonly<Record<string, ClientAppType>> = {
  browser: "browser",
  app: "mobileAppsAndDesktopClients",
  "exchange-activesync": "exchangeActiveSync",
  other: "other",
};
const PLATFORMS: Readonly<Record<string, PlatformName>> = {
  android: "android",
  ios: "iOS",
  windows: "windows",
  macos: "macOS",
  linux: "linux",
};
const FLOWS: Readonly<Record<string, string>> = {
  "device-code": "deviceCodeFlow",
  "authentication-transfer": "authenticationTransfer",
};
const RISKS = ["low", "medium", "high"] as const;

/** A policy of the company's own, in Graph's words. */
export interface OwnPolicyParts {
  readonly conditions: PolicyConditions;
  readonly grant: GrantControls | null;
  readonly frequency: SignInFrequency | null;
}

/**
 * Puts a policy of the settings into Graph's words. Lists come in a fixed order, so that writing them otherwise changes nothing.
 * @param targets what every tool of the stack is known by, by its id
 */
export function ownPolicy(settings: Settings, policy: OwnPolicy, targets: ReadonlyMap<string, string>): OwnPolicyParts {
  const tools = policy.tools === "all" ? [...targets.keys()] : (policy.tools ?? []);
  const guarded = [...tools.flatMap((tool) => targets.get(tool) ?? []), ...(policy.apps ?? []).map(clientId)];
  const filter =
    policy.deviceFilter === undefined ? undefined : ({ mode: "include", rule: policy.deviceFilter } as const);
  const deviceFilter = policy.devices === "unmanaged" ? UNMANAGED : filter;
  return {
    conditions: conditions({
      users: usersOf(settings, policy.who),
      applications: applications(guarded.includes("All") ? ["All"] : [...new Set(guarded)]),
      clientAppTypes: policy.clients === undefined ? ["all"] : chosen(CLIENTS, policy.clients),
      platforms: platformsOf(policy.platforms),
      locations: locationsOf(policy.from),
      signInRiskLevels: RISKS.filter((level) => policy.signInRisk?.includes(level)),
      userRiskLevels: RISKS.filter((level) => policy.userRisk?.includes(level)),
      devices: deviceFilter === undefined ? null : { deviceFilter },
      authenticationFlows:
        policy.flows === undefined ? null : { transferMethods: chosen(FLOWS, policy.flows).join(",") },
    }),
    grant: ownGrant(settings, policy.demand),
    frequency: policy.frequency === undefined ? null : signInFrequency(policy.frequency),
  };
}

/** Graph gives ids back in lower case. */
function clientId(app: string): string {
  return app.includes("-") ? app.toLowerCase() : app;
}

function usersOf(settings: Settings, who: OwnPolicy["who"]) {
  const holders = Object.entries(who.roles).flatMap(([tool, roles]) =>
    roles.flatMap((role) => settings.tools[tool]?.access[role] ?? []),
  );
  const groups = (teams: readonly string[]) => [...new Set(teams)].map((team) => reference("team", team));
  const people = (entries: readonly string[]) => [...new Set(entries.map((entry) => personReference(settings, entry)))];
  const spared = { excludeGroups: groups(who.except.teams), excludeUsers: people(who.except.people) };
  if (who.everybody) return users({ includeUsers: ["All"], ...spared });
  return users({
    includeUsers: people(who.people),
    includeGroups: groups([...who.teams, ...holders]),
    includeGuestsOrExternalUsers: who.guests ? ALL_GUESTS : null,
    ...spared,
  });
}

/** `unknown` is what is left when all known ones are taken away. */
function platformsOf(names: OwnPolicy["platforms"]): PolicyConditions["platforms"] {
  if (names === undefined) return null;
  const named = chosen(PLATFORMS, names);
  if (!names.includes("unknown")) return { includePlatforms: named, excludePlatforms: [] };
  const others = Object.values(PLATFORMS).filter((platform) => !named.includes(platform));
  return { includePlatforms: ["all"], excludePlatforms: others };
}

function locationsOf(from: OwnPolicy["from"]): PolicyConditions["locations"] {
  if (from === undefined) return null;
  const named = (places: readonly string[]) => [...new Set(places)].map(place);
  return {
    includeLocations: from.inside === undefined ? ["All"] : named(from.inside),
    excludeLocations: named(from.outside ?? []),
  };
}

function place(name: string): string {
  const [, trusted] = PLACES;
  return name === trusted ? "AllTrusted" : reference("location", name);
}

/** The values of the chosen words, in the order of the table. */
function chosen<T>(table: Readonly<Record<string, T>>, names: readonly string[]): T[] {
  return Object.entries(table).flatMap(([name, value]) => (names.includes(name) ? [value] : []));
}
