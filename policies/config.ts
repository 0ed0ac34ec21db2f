import type { EnforcementLevel } from "@pulumi/policy";
import { type ConditionalAccessFacts, conditionalAccessConfig } from "./conditional-access/facts.ts";
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
  /** The Entra tenant. Default: any that is named by its GUID. */
  readonly tenantId?: string;
  /** Which of the tools' roles are admin roles. Default: none, and the rules about them have nothing to do. */
  readonly admin?: AdminFacts;
  /** Object ids of groups that exist outside the stack. */
  readonly groups?: { readonly privileged: readonly string[]; readonly ordinary: readonly string[] };
  /** Bounds of sign-ins, in seconds. Default 8 hours and 1 hour. */
  readonly sessions?: { readonly maximum: number; readonly revocation: number };
  /** Why pods cannot be held to host names. Default: they are. */
  readonly addressesReason?: string;
  /** Why OpenMetadata stands without the proxy. Default: it does not. */
  readonly openMetadataReason?: string;
  /** Addresses from which the stack is deployed, for Databricks' address lists. Default none. */
  readonly deployerAddresses?: readonly string[];
  /** Whether the stack keeps the audit logs of its vault. Default false: somebody else does, such as a policy of Azure. */
  readonly vaultLogs?: boolean;
  /** Whether the stack itself puts Defender's sensor into the cluster. Default false: the subscription's plan does. */
  readonly defenderSensor?: boolean;
  /** What the settings say of Conditional Access. Default: it is off, and rules that demand policies have nothing to do. */
  readonly conditionalAccess?: ConditionalAccessFacts;
}

/** The admin roles of an environment's tools. */
export interface AdminFacts {
  /** Ids of the app roles. */
  readonly roleIds: readonly string[];
  /** Namespace of a tool → what its tokens and its own settings call them. */
  readonly roleNames: Readonly<Record<string, readonly string[]>>;
}

/** The content of a file for `--policy-pack-config`: a level, or settings, per rule. */
export type PolicyConfigFile = Readonly<Record<string, EnforcementLevel | Readonly<Record<string, unknown>>>>;

/** Settings per rule, without levels. */
type RuleSettings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Days that deleted vaults stay restorable in production; other environments may use Azure's minimum. */
const prodRetentionDays = 90;
const minRetentionDays = 7;

/** Environments in which people try things out: there all rules but the critical ones advise. */
const advisoryEnvironments = new Set(["dev"]);

/** The pack's configuration for one environment. Environments differ by this file, never by exceptions. */
export function policyConfig(facts: PolicyFacts): PolicyConfigFile {
  const settings = ruleSettings(facts);
  if (!advisoryEnvironments.has(facts.environment)) return settings;
  const advised = rules
    .filter(({ text }) => text.severity !== "critical")
    .map(({ text }) => [text.name, { ...settings[text.name], enforcementLevel: "advisory" }]);
  return { ...settings, ...Object.fromEntries(advised) };
}

function ruleSettings(facts: PolicyFacts): RuleSettings {
  const prod = facts.environment === "prod";
  return {
    "redirect-https": { allowLoopbackHttp: facts.loopbackHttp ?? false },
    "redirect-exact": { domains: [...facts.domains] },
    "app-secret-lifetime": { maxDays: facts.maxSecretDays ?? 90 },
    "kv-guarded": { minRetentionDays: prod ? prodRetentionDays : minRetentionDays },
    "kv-doors-closed": { allowOpenNetwork: facts.environment === "sandbox" },
    ...platformConfig(facts, prod),
    "image-pinned": { registries: [...facts.registries], requireDigest: prod },
    ...teamConfig(facts),
    ...toolConfig(facts),
    ...conditionalAccessConfig(facts),
    "databricks-closed": { deployerAddresses: [...(facts.deployerAddresses ?? [])], requireAddressList: prod },
  };
}

/** What the platform's resources must be able to bear: more in production than where somebody tries something out. */
function platformConfig({ vaultLogs, defenderSensor }: PolicyFacts, prod: boolean): RuleSettings {
  return {
    "aks-watched": { requireSensor: defenderSensor ?? false },
    "aks-pools-apart": { minZones: prod ? 2 : 0, minSystemNodes: prod ? 2 : 1 },
    "pg-recoverable": { minBackupDays: prod ? 14 : 7, requireZoneRedundancy: prod },
    // The tools sign in to both with passwords from the vault; people and programs of Azure do with Entra.
    "pg-entra": { allowPasswords: true },
    "redis-closed": { allowKeys: true },
    "storage-closed": { allowOpenNetwork: !prod },
    "diagnostics-kept": { vaults: vaultLogs ?? false },
    "logs-last": { minDays: prod ? 90 : 30 },
    "stateful-protected": { requireProtection: prod },
  };
}

function teamConfig({ admin, groups }: PolicyFacts): RuleSettings {
  const privilegedGroups = [...(groups?.privileged ?? [])];
  return {
    "admin-role-guarded": { adminRoles: [...(admin?.roleIds ?? [])], privilegedGroups },
    "privileged-not-nested": { privilegedGroups, ordinaryGroups: [...(groups?.ordinary ?? [])] },
    "partner-no-admin": { adminRoles: { ...admin?.roleNames } },
  };
}

function toolConfig({ domains, tenantId, sessions, addressesReason, openMetadataReason }: PolicyFacts): RuleSettings {
  return {
    "session-bounded": { maxSeconds: sessions?.maximum ?? 28_800, revocationSeconds: sessions?.revocation ?? 3600 },
    "proxy-strict": { tenantId: tenantId ?? "" },
    "tools-behind-proxy": { openMetadataReason: openMetadataReason ?? "" },
    "no-http-urls": { domains: [...domains] },
    "egress-named": { addressesReason: addressesReason ?? "" },
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
