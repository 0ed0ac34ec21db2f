import { readFileSync } from "node:fs";
import { kindName, resourceName, resourceType } from "./resource-names.ts";

/** A rule that a resource breaks. */
export interface PolicyViolation {
  readonly policy: string;
  /** `mandatory` stops an `up`; the others only warn. */
  readonly level: string;
  /** @example "Key vault kv" */
  readonly resource?: string;
  readonly message: string;
}

/** What the policy pack said in a preview. */
export interface PolicyResults {
  /** How many rules looked at something, where the engine says so. */
  readonly rules: number;
  readonly violations: readonly PolicyViolation[];
}

interface Event {
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly message: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
  };
  readonly policyAnalyzeSummaryEvent?: Summary;
  readonly policyAnalyzeStackSummaryEvent?: Summary;
}

interface Summary {
  readonly passed?: readonly string[];
  readonly failed?: readonly string[];
}

/** Reads the engine's event log: one JSON object a line. The preview's own JSON says nothing of policies. */
export function readPolicies(file: string): PolicyResults {
  return policiesOf(
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .flatMap((line) => event(line)),
  );
}

/** The last line of a run that was stopped may be cut off. */
function event(line: string): Event[] {
  try {
    return [JSON.parse(line) as Event];
  } catch {
    return [];
  }
}

/** The engine may look at a resource more than once; the same finding counts once. */
export function policiesOf(events: readonly Event[]): PolicyResults {
  const rules = new Set<string>();
  const violations = new Map<string, PolicyViolation>();
  for (const { policyEvent, policyAnalyzeSummaryEvent, policyAnalyzeStackSummaryEvent } of events) {
    for (const { passed = [], failed = [] } of [policyAnalyzeSummaryEvent ?? {}, policyAnalyzeStackSummaryEvent ?? {}])
      for (const name of [...passed, ...failed]) rules.add(name);
    if (policyEvent === undefined) continue;
    const { resourceUrn: urn, policyName, enforcementLevel, message } = policyEvent;
    rules.add(policyName);
    const violation: PolicyViolation = {
      policy: policyName,
      level: enforcementLevel,
      ...(urn ? { resource: `${kindName(resourceType(urn))} ${resourceName(urn)}` } : {}),
      message: message.replaceAll(/<\{%[^%]*%\}>/g, "").trim(),
    };
    violations.set(JSON.stringify(violation), violation);
  }
  return { rules: rules.size, violations: [...violations.values()] };
}
