import { bareId } from "../core/links.ts";
import type { StackSubject } from "../core/rule.ts";
import { known, text } from "../core/values.ts";
import { type Items, items } from "./policy.ts";

/** A policy's grant, as far as it is known. */
export interface Grant {
  readonly builtIn: Items;
  /** How many controls there are in all, the unknown ones counted. */
  readonly controls: number;
  /** Whether any one control is enough. */
  readonly any: boolean;
  /** Whether an authentication strength is demanded. */
  readonly strength: boolean;
}

export function grantOf(props: unknown): Grant {
  const list = (name: string) => items(props, `grantControls.${name}`);
  const builtIn = list("builtInControls");
  const strength = known(props, "grantControls.authenticationStrengthPolicyId").kind !== "absent";
  const lists = [builtIn, list("customAuthenticationFactors"), list("termsOfUses")];
  return {
    builtIn,
    controls: lists.reduce((sum, { values, open }) => sum + values.length + open, strength ? 1 : 0),
    any: text(props, "grantControls.operator") === "OR",
    strength,
  };
}

/** Whether the grant shuts the door. */
export function blocks({ builtIn }: Grant): boolean {
  return builtIn.values.includes("block");
}

/** Whether each control has to be met: joined by AND, or the only one. */
export function isFirm({ any, controls }: Grant): boolean {
  return !any || controls <= 1;
}

/** What a sign-in has to show, weakest first, by the settings' words. */
export const levels = ["none", "mfa", "passwordless", "phishing-resistant"] as const;
export type Level = (typeof levels)[number];

/**
 * Entra's own strengths
 * (https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths).
 */
const builtInStrengths: Readonly<Record<string, Level>> = {
  "00000000-0000-0000-0000-000000000002": "mfa",
  "00000000-0000-0000-0000-000000000003": "passwordless",
  "00000000-0000-0000-0000-000000000004": "phishing-resistant",
};

export const builtInStrengthIds = Object.keys(builtInStrengths);

const phishingResistant = ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"];
const passwordless = [...phishingResistant, "deviceBasedPush"];
const single = [...passwordless, "temporaryAccessPassOneTime", "temporaryAccessPassMultiUse", "federatedMultiFactor"];

/** What the weakest combination of a strength is worth: two factors at least, unless it is a single weak one. */
function levelOfCombinations(combinations: Items): Level {
  const all = (known: readonly string[]) => combinations.values.every((one) => known.includes(one));
  if (all(phishingResistant)) return "phishing-resistant";
  if (all(passwordless)) return "passwordless";
  return combinations.values.every((one) => one.includes(",") || single.includes(one)) ? "mfa" : "none";
}

/**
 * What a grant surely demands of a sign-in. An unknown control counts as the strongest: it is looked at once it is known. So
 * does a strength of another stack, which `ca-references-exist` is about.
 */
export function levelOf(policy: StackSubject, strengths: readonly StackSubject[]): Level {
  const grant = grantOf(policy.props);
  if (!isFirm(grant)) return "none";
  if (grant.strength) return levelOfStrength(policy, strengths);
  if (grant.builtIn.open > 0) return "phishing-resistant";
  return grant.builtIn.values.includes("mfa") ? "mfa" : "none";
}

function levelOfStrength(policy: StackSubject, strengths: readonly StackSubject[]): Level {
  const id = text(policy.props, "grantControls.authenticationStrengthPolicyId");
  const builtIn = id === undefined ? undefined : builtInStrengths[bareId(id)];
  if (builtIn !== undefined) return builtIn;
  const [own] = strengths.filter((strength) =>
    id === undefined
      ? policy.dependenciesOf("grantControls").includes(strength.urn)
      : ["id", "objectId"].some((key) => bareId(text(strength.props, key) ?? "-") === bareId(id)),
  );
  return own === undefined ? "phishing-resistant" : levelOfCombinations(items(own.props, "allowedCombinations"));
}

export function isAtLeastLevel(level: Level, wanted: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(wanted);
}
