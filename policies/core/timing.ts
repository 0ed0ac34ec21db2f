import { writeFileSync } from "node:fs";
import type { ResourceValidation, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

/** Variable that names the file for the times; without it nothing is measured. */
export const TIMES_FILE = "ENTRADA_RULE_TIMES";

/** What a run of the pack took, in milliseconds. */
export interface RuleTimes {
  /** Rule → time in its own code, over all resources. */
  readonly rules: Readonly<Record<string, number>>;
  /** Processor time of the pack's process since its start: loading, and unpacking what the engine sends, are in it too. */
  readonly process: number;
}

type Policy = ResourceValidationPolicy | StackValidationPolicy;

/**
 * The same policies with a clock around each. The engine ends the pack without a word, so the file is written after every policy over the
 * whole stack; they are the last to run. Policies that are no single function stay as they are.
 */
export function timed(policies: readonly Policy[], file: string): Policy[] {
  const rules: Record<string, number> = {};
  const measured = <A extends unknown[], R>(name: string, run: (...args: A) => R, done?: () => void) => {
    const clocked = (...args: A): R => {
      const begin = performance.now();
      try {
        return run(...args);
      } finally {
        rules[name] = (rules[name] ?? 0) + performance.now() - begin;
        done?.();
      }
    };
    // The SDK reads on the function for which type it is.
    return Object.assign(clocked, run);
  };
  const write = () => {
    const { user, system } = process.cpuUsage();
    const times: RuleTimes = { rules, process: (user + system) / 1000 };
    writeFileSync(file, JSON.stringify(times));
  };
  return policies.map((policy): Policy => {
    const { name } = policy;
    if ("validateStack" in policy) return { ...policy, validateStack: measured(name, policy.validateStack, write) };
    const { validateResource } = policy;
    if (typeof validateResource !== "function") return policy;
    return { ...policy, validateResource: measured(name, validateResource as ResourceValidation) };
  });
}
