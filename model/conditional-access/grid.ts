import type { Settings } from "../settings/schema.ts";
import { homeOf } from "./people.ts";
import type { PlayedConditions } from "./played.ts";

/** One set of conditions with the name that tables show. */
export interface GridEntry {
  /** Unique in its grid. @example "abroad (US), compliant device" */
  readonly name: string;
  /** Where it is, for telling sets of conditions in words; absent for conditions that somebody wrote. @example "abroad (US)" */
  readonly place?: string;
  readonly conditions: PlayedConditions;
}

/** Where nobody of the company works, tried in this order; the last is never in a list of countries where people work. */
const ABROAD = ["US", "BR", "IN", "JP", "ZA", "AU", "AQ"];

const DEVICES: readonly GridEntry[] = [
  { name: "", conditions: {} },
  { name: "compliant device", conditions: { device: "compliant" } },
];
const RISKS: readonly GridEntry[] = [
  { name: "", conditions: {} },
  { name: "sign-in risk high", conditions: { risk: "high" } },
];

/** One condition at a time that is not an ordinary day's, at home on an unmanaged device. */
const SINGLES: readonly GridEntry[] = [
  { name: "hybrid joined device", conditions: { device: "hybrid" } },
  { name: "registered device", conditions: { device: "registered" } },
  { name: "sign-in risk medium", conditions: { risk: "medium" } },
  { name: "user risk medium", conditions: { "user-risk": "medium" } },
  { name: "user risk high", conditions: { "user-risk": "high" } },
  { name: "insider risk elevated", conditions: { "insider-risk": "elevated" } },
  { name: "desktop or mobile app", conditions: { client: "app" } },
  { name: "Exchange ActiveSync", conditions: { client: "exchange-activesync" } },
  { name: "legacy client", conditions: { client: "other" } },
  { name: "device-code flow", conditions: { flow: "device-code" } },
  { name: "authentication transfer", conditions: { flow: "authentication-transfer" } },
  { name: "macOS", conditions: { platform: "macos" } },
  { name: "Linux", conditions: { platform: "linux" } },
  { name: "iOS", conditions: { platform: "ios" } },
  { name: "Android", conditions: { platform: "android" } },
  { name: "unknown platform", conditions: { platform: "unknown" } },
];

const UNKNOWN_COUNTRY = placeNamed("unknown country", { country: "unknown" });

/**
 * The conditions under which `what-if` asks unless it is told others, at least 24: every place with every device and risk, then
 * what else policies look at, one at a time. Nothing is said of methods, so the person has shown the password alone.
 */
export function conditionGrid(settings: Settings): GridEntry[] {
  const [office, ...others] = officesOf(settings);
  const places = [homePlace(settings), abroad(settings), ...(office === undefined ? [] : [office])];
  const crossed = places.flatMap((place) =>
    DEVICES.flatMap((device) => RISKS.map((risk) => joined([place, device, risk]))),
  );
  const { place } = homePlace(settings);
  const singles = SINGLES.map((single) => ({ ...single, place }));
  return [...crossed, UNKNOWN_COUNTRY, ...others, ...singles];
}

/**
 * Conditions with the method that the person answers with, at least 24: for holding what-if against real sign-ins, where who
 * says nothing of methods is taken to answer as asked.
 */
export function agreementGrid(settings: Settings): GridEntry[] {
  const [office] = officesOf(settings);
  const home = homePlace(settings);
  const single = (name: string) => joined([home, ...SINGLES.filter((entry) => entry.name === name)]);
  const entries = [
    home,
    joined([home, { name: "compliant device", conditions: { device: "compliant" } }]),
    abroad(settings),
    ...(office === undefined ? [] : [office]),
    joined([home, { name: "sign-in risk high", conditions: { risk: "high" } }]),
    ...["user risk high", "legacy client", "device-code flow", "unknown platform"].map(single),
  ];
  return ["none", "authenticator", "fido2"].flatMap((mfa) =>
    entries.map((entry) => joined([entry, { name: mfa === "none" ? "password only" : mfa, conditions: { mfa } }])),
  );
}

/**
 * The conditions under which two settings are compared: both grids, each at its own home where the two differ, so that the same
 * sign-in is put to both sides.
 */
export function comparisonGrid(before: Settings, after: Settings): GridEntry[] {
  const countries = [after, before].map((settings) => homeOf(settings).country).filter((country) => country !== null);
  const [settled = null, other] = new Set(countries);
  const entries = [
    ...conditionGrid(after).map((entry) => placed(entry, after, settled)),
    ...conditionGrid(before).map((entry) => placed(entry, before, other ?? settled)),
  ];
  const found = new Map<string, GridEntry>();
  const names = new Set<string>();
  for (const { name, place, conditions } of entries) {
    const key = JSON.stringify(Object.entries(conditions).sort());
    if (found.has(key)) continue;
    // An office can have moved under its name: both addresses are asked about.
    const unique = names.has(name) ? `${name}, before the change` : name;
    names.add(unique);
    found.set(key, { name: unique, place: unique === name ? place : `${place}, before the change`, conditions });
  }
  return [...found.values()];
}

/** The same conditions with the home's country said aloud. */
function placed({ name, place = "", conditions }: GridEntry, own: Settings, home: string | null): GridEntry {
  if (home === null || conditions.country !== undefined) return { name, place, conditions };
  const before = homeName(homeOf(own).country);
  const after = place === before ? homeName(home) : place;
  return { name: name.replace(before, after), place: after, conditions: { ...conditions, country: home } };
}

function placeNamed(place: string, conditions: PlayedConditions): GridEntry {
  return { name: place, place, conditions };
}

function homePlace(settings: Settings): GridEntry {
  const { country } = homeOf(settings);
  return placeNamed(homeName(country), {});
}

function homeName(country: string | null): string {
  return country === null ? "at home" : `at home (${country})`;
}

function abroad({ conditionalAccess: { countries } }: Settings): GridEntry {
  const country = ABROAD.find((code) => !countries.includes(code)) ?? "AQ";
  return placeNamed(`abroad (${country})`, { country });
}

/** Each office, at the first address of its first range. */
function officesOf({ conditionalAccess: { offices } }: Settings): GridEntry[] {
  return Object.entries(offices).flatMap(([key, { ranges }]) => {
    const [ip] = ranges[0]?.split("/") ?? [];
    return ip === undefined ? [] : [placeNamed(`office ${key}`, { ip })];
  });
}

function joined(entries: readonly GridEntry[]): GridEntry {
  const { place } = entries.find((entry) => entry.place !== undefined) ?? {};
  return {
    ...(place === undefined ? {} : { place }),
    name: entries
      .map(({ name }) => name)
      .filter((name) => name !== "")
      .join(", "),
    conditions: Object.assign({}, ...entries.map(({ conditions }) => conditions)) as PlayedConditions,
  };
}
