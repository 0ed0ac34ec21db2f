import type { Severity } from "@pulumi/policy";

/** Leave for one resource to break one rule for a while. */
export interface Exception {
  /** Name of the rule. */
  readonly rule: string;
  /**
   * URN of the resource, whole: a pattern would also let in what is made tomorrow. The stack's name is part of it, so an
   * exception holds in one environment.
   */
  readonly resource: string;
  /** Who answers for it, by e-mail address. */
  readonly owner: string;
  /** Why, in a sentence. */
  readonly reason: string;
  /** Last day, `2027-03-31`. */
  readonly expires: string;
}

/** What the file says: the exceptions, and the stacks in which critical rules have none. */
export interface ExceptionFile {
  readonly production: readonly string[];
  readonly exceptions: readonly Exception[];
}

/** What a rule has to be known by here. */
export interface RuleName {
  readonly name: string;
  readonly severity: Severity;
}

/** Longest life of an exception, in days from today. */
export const MAX_DAYS = 180;
/** Shortest reason, in characters: a word is none. */
export const MIN_REASON = 20;

const dayMs = 86_400_000;

/** The stack of a URN: `urn:pulumi:STACK::PROJECT::TYPE::NAME`. */
export function stackOf(urn: string): string | undefined {
  return /^urn:pulumi:([^:]+)::/.exec(urn)?.[1];
}

/** The moment at which an exception ends: its last day is over everywhere. Undefined where the date is none. */
export function endOf(expires: string): number | undefined {
  const at = Date.parse(`${expires}T00:00:00Z`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(expires) && !Number.isNaN(at);
  // Date.parse takes the 31st of June for the first of July.
  return isDay && new Date(at).toISOString().startsWith(expires) ? at + dayMs : undefined;
}

/** Whether an exception's last day is over. */
export function isExpired({ expires }: Exception, now: Date): boolean {
  return (endOf(expires) ?? 0) <= now.getTime();
}

/** The last day that an exception may have, written today. */
export function latestDay(now: Date): string {
  return new Date(now.getTime() + MAX_DAYS * dayMs).toISOString().slice(0, 10);
}
