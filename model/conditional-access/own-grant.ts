import type { OwnPolicy } from "../settings/conditional-access/policies.ts";
import type { Settings } from "../settings/schema.ts";
import { type BuiltInStrengthName, builtInStrength } from "./built-in-strengths.ts";
import { reference } from "./declared.ts";
import { demands } from "./grant-controls.ts";
import { METHOD_NAMES, METHODS } from "./methods.ts";
import type { AuthenticationStrength, BuiltInControl, GrantControls } from "./policy.ts";

/** Demands that are controls of Entra's own. */
const CONTROLS: Readonly<Record<string, BuiltInControl>> = {
  block: "block",
  mfa: "mfa",
  "compliant-device": "compliantDevice",
  "hybrid-device": "domainJoinedDevice",
};
const BUILT_IN: readonly BuiltInStrengthName[] = ["passwordless", "phishing-resistant"];

/** What a policy of the company's own demands, as Graph's grant controls; null where it demands nothing. */
export function ownGrant(settings: Settings, demand: OwnPolicy["demand"]): GrantControls | null {
  if (demand === undefined) return null;
  const { operator, wanted } = demandedThings(demand);
  const controls = Object.entries(CONTROLS).flatMap(([name, control]) => (wanted.includes(name) ? [control] : []));
  const [strength = null] = wanted.flatMap((name) => strengthOf(settings, name) ?? []);
  return demands(operator, controls, strength);
}

/** A demand taken apart: `any-of` is OR, everything else AND. */
export function demandedThings(demand: NonNullable<OwnPolicy["demand"]>): {
  readonly operator: "AND" | "OR";
  readonly wanted: readonly string[];
} {
  if (typeof demand === "string") return { operator: "AND", wanted: [demand] };
  return "any-of" in demand ? { operator: "OR", wanted: demand["any-of"] } : { operator: "AND", wanted: demand };
}

/** One of the company's own strengths, with the environment in its name; undefined where the settings have none of that name. */
export function ownStrength(settings: Settings, key: string): AuthenticationStrength | undefined {
  const strength = settings.conditionalAccess.strengths[key];
  if (strength === undefined) return undefined;
  return {
    id: reference("strength", key),
    displayName: `${strength.displayName} (${settings.environment})`,
    allowedCombinations: METHOD_NAMES.filter((name) => strength.methods.includes(name)).map((name) => METHODS[name]),
  };
}

function strengthOf(settings: Settings, name: string): AuthenticationStrength | undefined {
  const builtIn = BUILT_IN.find((known) => known === name);
  return builtIn === undefined ? ownStrength(settings, name) : builtInStrength(builtIn);
}
