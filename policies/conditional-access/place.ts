import type { StackSubject } from "../core/rule.ts";
import type { Target } from "./applications.ts";
import { policyType } from "./types.ts";

/** Where to report what a target lacks: its application, or for one outside the stack the first policy there is. */
export function whereOf(target: Target, resources: readonly StackSubject[]): StackSubject | undefined {
  return target.kind === "stack"
    ? target.application
    : (resources.find(({ type }) => type === policyType) ?? resources[0]);
}
