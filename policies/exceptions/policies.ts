import type { Policy, StackValidationPolicy } from "@pulumi/policy";
import { clock } from "../core/clock.ts";
import { type Exception, isExpired, stackOf } from "./exception.ts";
import { type Entry, ledger } from "./ledger.ts";

/** The two policies are not in the catalogue of rules, so `checkPolicyConfig` refuses a file that sets their level. */
const common: Pick<Policy, "url" | "severity"> = {
  url: "https://www.pulumi.com/docs/insights/policy/",
  severity: "high",
};

function kindAndName(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.slice(types.lastIndexOf(":") + 1)} "${name}"`;
}

function described({ rule, owner, reason, expires }: Exception): string {
  return `${rule} is excepted until ${expires} by ${owner}, because: ${reason}`;
}

/** Why an exception of this stack must not stay, if so. */
function problemOf({ exception, covered, idle }: Entry, urns: ReadonlySet<string>): string | undefined {
  const { rule, resource, owner, expires } = exception;
  const place = `The exception from ${rule} for ${kindAndName(resource)} (${owner})`;
  if (isExpired(exception, clock.now())) {
    return `${place} expired on ${expires}. Fix: repair the resource and take the exception out, or let it be granted again.`;
  }
  if (!urns.has(resource)) {
    return `${place} names a resource that this stack does not have: ${resource}. Fix: take it out, or copy the URN anew.`;
  }
  if (covered.size > 0 || !idle) return undefined;
  return `${place} is not used: the resource meets the rule. Fix: take it out.`;
}

/** The entries that are about a stack, told by the URNs of its resources. */
function entriesOf(urns: Iterable<string>): readonly Entry[] {
  const stacks = new Set([...urns].map(stackOf));
  return ledger.entries.filter(({ exception }) => stacks.has(stackOf(exception.resource)));
}

/** Says of every exception what it lets pass, so that none is silent. */
const inForce: StackValidationPolicy = {
  ...common,
  name: "exceptions-in-force",
  displayName: "Exceptions that are used",
  description: "What breaks a rule with leave, for how long, and why.",
  enforcementLevel: "advisory",
  remediationSteps: "Repair the resource before the exception ends, then take it out of policies/exceptions.yaml.",
  validateStack({ resources }, report) {
    for (const { exception, covered } of entriesOf(resources.map(({ urn }) => urn))) {
      for (const message of covered) report(`${described(exception)}. It lets pass: ${message}`, exception.resource);
    }
  },
};

/** Exceptions end: by their date, with their resource, or when it has been repaired. */
const honest: StackValidationPolicy = {
  ...common,
  name: "exceptions-honest",
  displayName: "Exceptions are right, in date and used",
  description: "Every exception in policies/exceptions.yaml is complete, in date, and covers something.",
  enforcementLevel: "mandatory",
  remediationSteps: "Correct policies/exceptions.yaml.",
  validateStack({ resources }, report) {
    for (const problem of ledger.problems) report(`policies/exceptions.yaml: ${problem}`);
    const urns = new Set(resources.map(({ urn }) => urn));
    for (const entry of entriesOf(urns)) {
      const problem = problemOf(entry, urns);
      if (problem !== undefined) report(problem);
    }
  },
};

/** What the pack offers beside its rules. Last, because the rules' own results are what they speak of. */
export const exceptionPolicies: readonly StackValidationPolicy[] = [inForce, honest];
