import { elements, known, text } from "../core/values.ts";

/** What is known of a list of ids or words. */
export interface Items {
  readonly values: readonly string[];
  /** How many members a preview cannot know yet; 1 for a list that is unknown as a whole. */
  readonly open: number;
}

export function items(props: unknown, path: string): Items {
  const all = elements(props, path).map(({ item }) => item);
  return {
    values: all.flatMap((item) => (item.kind === "value" && typeof item.value === "string" ? [item.value] : [])),
    open: all.filter(({ kind }) => kind === "unknown").length,
  };
}

/** Whether a list has no member, known or not. */
export function isEmpty({ values, open }: Items): boolean {
  return values.length === 0 && open === 0;
}

export const enforcements = ["off", "report-only", "enforced"] as const;
/** How far a policy goes, weakest first, in the settings' words. */
export type Enforcement = (typeof enforcements)[number];

const states: Readonly<Record<string, Enforcement>> = {
  disabled: "off",
  enabledForReportingButNotEnforced: "report-only",
  enabled: "enforced",
};

/** A policy's state; undefined while it is not known. The API knows no other than the three. */
export function enforcement(props: unknown): Enforcement | undefined {
  return states[text(props, "state") ?? ""];
}

/** Whether a state is at least as strict as another. An unknown one may be. */
export function isAtLeast(state: Enforcement | undefined, wanted: Enforcement): boolean {
  return state === undefined || enforcements.indexOf(state) >= enforcements.indexOf(wanted);
}

/** Whether a policy does something, now or in the log: it is not switched off. */
export function isOn(props: unknown): boolean {
  return isAtLeast(enforcement(props), "report-only");
}

const including = ["includedUsers", "includedGroups", "includedRoles", "includedGuestsOrExternalUsers"].map(
  (key) => `conditions.users.${key}`,
);

/** Whether a policy is about people; one about workload identities includes the user `None`. */
export function reachesPeople(props: unknown): boolean {
  return including.some((path) =>
    elements(props, path).some(({ item }) => item.kind !== "value" || item.value !== "None"),
  );
}

/** Client apps that a policy without limits is about: the word for all of them, or each by name. */
export function appliesToAllClients(props: unknown): boolean {
  const { values, open } = items(props, "conditions.clientAppTypes");
  const modern = values.includes("browser") && values.includes("mobileAppsAndDesktopClients");
  return open > 0 || values.includes("all") || (modern && values.includes("other") && hasActiveSync(values));
}

function hasActiveSync(values: readonly string[]): boolean {
  return values.includes("exchangeActiveSync") || values.includes("easSupported");
}

/** Whether a policy is also about clients that cannot show a sign-in page. */
export function appliesToLegacyClients(props: unknown): boolean {
  const { values, open } = items(props, "conditions.clientAppTypes");
  return open > 0 || values.includes("all") || (values.includes("exchangeActiveSync") && values.includes("other"));
}

const narrowing = [
  "signInRiskLevels",
  "userRiskLevels",
  "servicePrincipalRiskLevels",
  "insiderRiskLevels",
  "authenticationFlowTransferMethods",
  "devices.filter",
].map((key) => `conditions.${key}`);

/** Whether a policy holds wherever, on whatever and at whatever risk somebody signs in. Client app types are left aside. */
export function isUnconditional(props: unknown): boolean {
  return (
    narrowing.every((path) => isUnset(props, path)) &&
    isWhole(props, "conditions.locations.includedLocations", "conditions.locations.excludedLocations", "All") &&
    isWhole(props, "conditions.platforms.includedPlatforms", "conditions.platforms.excludedPlatforms", "all")
  );
}

function isUnset(props: unknown, path: string): boolean {
  const found = known(props, path);
  if (found.kind !== "value") return true;
  // Providers answer an empty text or list where nothing was asked for.
  return found.value === "" || (Array.isArray(found.value) && found.value.length === 0);
}

function isWhole(props: unknown, include: string, exclude: string, all: string): boolean {
  const included = items(props, include);
  return (isEmpty(included) || included.open > 0 || included.values.includes(all)) && isEmpty(items(props, exclude));
}
