import { clock } from "../core/clock.ts";
import { reads } from "../core/values.ts";
import { type Exception, isExpired } from "./exception.ts";

/** What became of one exception in this run. */
export interface Entry {
  readonly exception: Exception;
  /** Texts of the violations that it covered. */
  readonly covered: Set<string>;
  /** Whether its rule has looked at the resource with everything known, and found nothing. */
  idle: boolean;
}

/**
 * The exceptions of this run and what became of them. The engine asks rule after rule in one process, and last of all the
 * policies in policies.ts, which say which exceptions were used. Empty unless `pack.ts` has read a file.
 */
export const ledger = {
  entries: [] as readonly Entry[],
  problems: [] as readonly string[],

  /** Starts anew with the content of a file. */
  open(exceptions: readonly Exception[], problems: readonly string[] = []): void {
    ledger.entries = exceptions.map((exception) => ({ exception, covered: new Set<string>(), idle: false }));
    ledger.problems = problems;
  },
};

function entryFor(rule: string, urn: string): Entry | undefined {
  return ledger.entries.find(({ exception }) => exception.rule === rule && exception.resource === urn);
}

/** Whether an exception covers a violation; it is written down then, and said by `exceptions-in-force`. */
export function isExcepted(rule: string, urn: string, message: string): boolean {
  const entry = entryFor(rule, urn);
  if (entry === undefined || isExpired(entry.exception, clock.now())) return false;
  entry.covered.add(message);
  return true;
}

/** Runs a rule's check, and notes for its exceptions whether it found nothing although everything was known. */
export function watched(rule: string, urns: readonly string[], check: () => void): void {
  const before = reads.unknown;
  check();
  if (ledger.entries.length === 0 || reads.unknown > before) return;
  for (const urn of urns) {
    const entry = entryFor(rule, urn);
    if (entry !== undefined && entry.covered.size === 0) entry.idle = true;
  }
}
