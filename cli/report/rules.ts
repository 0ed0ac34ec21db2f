import { join } from "node:path";
import type { EnforcementLevel, Severity } from "@pulumi/policy";
import type { Settings } from "../../model/index.ts";
import { type PolicyConfigFile, policyConfig } from "../../policies/config.ts";
import { frameworks, type Mapping } from "../../policies/core/frameworks.ts";
import type { Rule } from "../../policies/core/rule.ts";
import { type Exception, stackOf } from "../../policies/exceptions/exception.ts";
import { EXCEPTIONS_FILE, readExceptions } from "../../policies/exceptions/read.ts";
import { rules } from "../../policies/rules.ts";
import { Refusal } from "../output.ts";
import { policyFacts } from "../policy-pack.ts";
import { projectRoot } from "../project.ts";

/** A rule of the policy pack, and how far it goes in an environment. */
export interface RuleStanding {
  readonly name: string;
  readonly title: string;
  readonly what: string;
  readonly severity: Severity;
  readonly level: EnforcementLevel;
  /** Requirements of the catalogues that auditors ask about. @example ["SOC 2: CC6.1"] */
  readonly controls: readonly string[];
  /** Who may break it until when, in this stack. Default: nobody */
  readonly exceptions?: readonly Omit<Exception, "rule">[];
}

/** Catalogues that reviews of access are held against; docs/policies.md has the others. */
const CATALOGUES: readonly Mapping["framework"][] = ["soc2", "iso27001"];

/**
 * The rules as a deployment of these settings meets them, in the pack's order.
 * @param exceptions those of the stack. Default: none
 */
export function ruleStandings(settings: Settings, exceptions: readonly Exception[] = []): RuleStanding[] {
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
    exceptions: exceptions.filter((exception) => exception.rule === rule.text.name),
  }));
}

/**
 * What the pack's exceptions file grants in a stack.
 * @throws Refusal where the file is not right: the pack stops every deployment then, and a report would tell half of it
 */
export function exceptionsOf(stack: string, file = join(projectRoot, "policies", EXCEPTIONS_FILE)): Exception[] {
  const read = readExceptions(
    file,
    rules.map(({ text }) => text),
  );
  if (read.problems.length > 0)
    throw new Refusal(`${file} is not right:\n${read.problems.map((problem) => `  - ${problem}`).join("\n")}`);
  return read.exceptions.filter(({ resource }) => stackOf(resource) === stack);
}

/** The engine reads a rule's own level first, then that of all, then what the pack says. */
export function levelOf({ text, policy }: Pick<Rule, "text" | "policy">, config: PolicyConfigFile): EnforcementLevel {
  const levels = [config[text.name], config.all].map((entry) =>
    typeof entry === "object" ? entry.enforcementLevel : entry,
  );
  const found = levels.find((level) => level !== undefined);
  return (found as EnforcementLevel | undefined) ?? policy.enforcementLevel ?? "mandatory";
}
