import type { EnforcementLevel } from "@pulumi/policy";
import { rules } from "./rules.ts";

/** What of an environment the rules need to know. */
export interface PolicyFacts {
  /** `prod` demands image digests and the longest vault retention; elsewhere an exact tag and a shorter one will do. */
  readonly environment: string;
  /** Domains whose hosts may receive sign-ins. */
  readonly domains: readonly string[];
  /** Registries that images may come from: a host, or a host with a path. */
  readonly registries: readonly string[];
  /** Longest life of a client secret in days. Default 90. */
  readonly maxSecretDays?: number;
  /** Accept http to localhost for public clients. Default false. */
  readonly loopbackHttp?: boolean;
}

/** The content of a file for `--policy-pack-config`: a level, or settings, per rule. */
export type PolicyConfigFile = Readonly<Record<string, EnforcementLevel | Readonly<Record<string, unknown>>>>;

/** Days that deleted vaults stay restorable in production; other environments may use Azure's minimum. */
const prodRetentionDays = 90;
const minRetentionDays = 7;

/** The pack's configuration for one environment. Environments differ by this file, never by exceptions. */
export function policyConfig(facts: PolicyFacts): PolicyConfigFile {
  const prod = facts.environment === "prod";
  return {
    "redirect-https": { allowLoopbackHttp: facts.loopbackHttp ?? false },
    "redirect-exact": { domains: [...facts.domains] },
    "app-secret-lifetime": { maxDays: facts.maxSecretDays ?? 90 },
    "kv-guarded": { minRetentionDays: prod ? prodRetentionDays : minRetentionDays },
    "image-pinned": { registries: [...facts.registries], requireDigest: prod },
  };
}

const levels = ["advisory", "mandatory", "remediate", "disabled"];
/** Keys that the engine itself reads: a level for every rule, and the environments to take more settings from. */
const engineKeys = new Set(["all", "environments"]);

function problemsOfRule(name: string, entry: unknown): readonly string[] {
  const rule = rules.find((one) => one.text.name === name);
  if (!rule) return [`There is no rule "${name}"; rules are ${rules.map((one) => one.text.name).join(", ")}.`];
  if (typeof entry === "string") return levels.includes(entry) ? [] : [badLevel(name, entry)];
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    return [`"${name}" must be a level (${levels.join(", ")}) or an object of settings.`];
  }
  const settings = Object.keys(rule.defaults);
  return Object.entries(entry).flatMap(([key, value]) => {
    if (key === "enforcementLevel") return levels.includes(String(value)) ? [] : [badLevel(name, value)];
    if (settings.includes(key)) return [];
    const known = settings.length > 0 ? `it has ${settings.join(", ")}` : "it has none";
    return [`The rule "${name}" has no setting "${key}"; ${known}.`];
  });
}

function badLevel(name: string, level: unknown): string {
  return `"${name}" has the level ${JSON.stringify(level)}; levels are ${levels.join(", ")}.`;
}

/**
 * What is wrong with a configuration file, as sentences. The engine takes a misspelt rule or setting without a word, which
 * leaves the rule at its defaults; values of known settings it checks itself.
 */
export function checkPolicyConfig(config: unknown): readonly string[] {
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    return ["A policy configuration is an object with a key for each rule."];
  }
  return Object.entries(config).flatMap(([name, entry]) => (engineKeys.has(name) ? [] : problemsOfRule(name, entry)));
}
