import type { EnforcementLevel, Severity } from "@pulumi/policy";
import type { Settings } from "../../model/index.ts";
import { type PolicyConfigFile, policyConfig } from "../../policies/config.ts";
import { frameworks, type Mapping } from "../../policies/core/frameworks.ts";
import type { Rule } from "../../policies/core/rule.ts";
import { rules } from "../../policies/rules.ts";
import { policyFacts } from "../policy-pack.ts";

/** Leave to break a rule for a while. */
export interface RuleException {
  readonly resource: string;
  readonly owner: string;
  readonly reason: string;
  /** Last day, YYYY-MM-DD. */
  readonly expires: string;
}

/** A rule of the policy pack, and how far it goes in an environment. */
export interface RuleStanding {
  readonly name: string;
  readonly title: string;
  readonly what: string;
  readonly severity: Severity;
  readonly level: EnforcementLevel;
  /** Requirements of the catalogues that auditors ask about. @example ["SOC 2: CC6.1"] */
  readonly controls: readonly string[];
  /** Default: none. */
  readonly exceptions?: readonly RuleException[];
}

/** Catalogues that reviews of access are held against; docs/policies.md has the others. */
const CATALOGUES: readonly Mapping["framework"][] = ["soc2", "iso27001"];

/** The rules as a deployment of these settings meets them, in the pack's order. */
export function ruleStandings(settings: Settings): RuleStanding[] {
  const config = policyConfig(policyFacts(settings));
  return rules.map((rule) => ({
    name: rule.text.name,
    title: rule.text.title,
    what: rule.text.what,
    severity: rule.text.severity,
    level: levelOf(rule, config),
    controls: (rule.text.mappings ?? [])
      .filter(({ framework }) => CATALOGUES.includes(framework))
      .map(({ framework, id }) => `${frameworks[framework].name}: ${id}`),
  }));
}

/** The engine reads a rule's own level first, then that of all, then what the pack says. */
export function levelOf({ text, policy }: Pick<Rule, "text" | "policy">, config: PolicyConfigFile): EnforcementLevel {
  const levels = [config[text.name], config.all].map((entry) =>
    typeof entry === "object" ? entry.enforcementLevel : entry,
  );
  const found = levels.find((level) => level !== undefined);
  return (found as EnforcementLevel | undefined) ?? policy.enforcementLevel ?? "mandatory";
}
