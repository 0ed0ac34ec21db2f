import type { EmulatorContext } from "../context.ts";

/** Graph's signIn, beta (https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-beta), as far as the sandbox knows it. */
export interface SignInEntry extends Record<string, unknown> {
  readonly id: string;
  readonly createdDateTime: string;
  readonly correlationId: string;
  readonly isInteractive: boolean;
  /** 0 for a sign-in that went through. */
  readonly status: { readonly errorCode: number; readonly failureReason: string; readonly additionalDetails: null };
  readonly conditionalAccessStatus: "success" | "failure" | "notApplied";
  readonly appliedConditionalAccessPolicies: readonly AppliedPolicy[];
}

export interface AppliedPolicy {
  readonly id: string;
  readonly displayName: string;
  readonly result:
    | "success"
    | "failure"
    | "notApplied"
    | "notEnabled"
    | "unknown"
    | "reportOnlySuccess"
    | "reportOnlyFailure"
    | "reportOnlyNotApplied"
    | "reportOnlyInterrupted";
  /** Names of conditions, as Graph has them; `none` where all are satisfied. */
  readonly conditionsNotSatisfied: string;
  readonly enforcedGrantControls: readonly string[];
  readonly enforcedSessionControls: readonly string[];
}

const ENTRIES_KEPT = 1000;
const logs = new WeakMap<EmulatorContext, SignInEntry[]>();

/** The last 1000 sign-ins of the emulator, oldest first. They live as long as the process. */
export function signInsOf(context: EmulatorContext): readonly SignInEntry[] {
  return logs.get(context) ?? [];
}

export function recordSignIn(context: EmulatorContext, entry: SignInEntry): void {
  const entries = logs.get(context) ?? [];
  entries.push(entry);
  if (entries.length > ENTRIES_KEPT) entries.shift();
  logs.set(context, entries);
}
