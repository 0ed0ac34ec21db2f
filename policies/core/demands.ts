import type { Finding } from "./rule.ts";
import { formatPath, known } from "./values.ts";

/** What one property has to be. */
export interface Demand {
  /** Path from the holder that is checked. */
  readonly at: string;
  /** Whether a value will do. Azure's words come in several spellings: see `isWord`. */
  readonly holds: (value: unknown) => boolean;
  readonly wanted: string;
  /** How a property that is not set is called, with what Azure then takes. Without it, not set is fine. */
  readonly missing?: string;
  /** When the rule's usual fix is not the one. */
  readonly fix?: string;
}

/** A value that is one of these words, in capitals or not: Azure answers `disabled` to who wrote `Disabled`. */
export function isWord(...words: readonly string[]): (value: unknown) => boolean {
  const wanted = words.map((word) => word.toLowerCase());
  return (value) => typeof value === "string" && wanted.includes(value.toLowerCase());
}

export const isTrue = (value: unknown): boolean => value === true;
export const isNotTrue = (value: unknown): boolean => value !== true;

/**
 * Reports each demand that a holder surely does not meet; what is not known yet is left out.
 *
 * @param place path of the holder in the resource, for messages; none where it is the resource itself
 */
export function checkDemands(
  holder: unknown,
  demands: readonly Demand[],
  report: (finding: Finding) => void,
  place = "",
): void {
  for (const { at, holds, wanted, missing, fix } of demands) {
    const found = known(holder, at);
    if (found.kind === "unknown") continue;
    if (found.kind === "absent" ? missing === undefined : holds(found.value)) continue;
    report({
      at: place === "" ? formatPath(at) : `${place}.${formatPath(at)}`,
      found: found.kind === "absent" ? String(missing) : JSON.stringify(found.value),
      wanted,
      ...(fix === undefined ? {} : { fix }),
    });
  }
}
