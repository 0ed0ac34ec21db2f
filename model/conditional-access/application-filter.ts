import { FILTER_OPERATORS, type Filter, type FilterLanguage } from "./filter/grammar.ts";
import { matchesFilter } from "./filter/match.ts";
import { parseFilter } from "./filter/parse.ts";

/** A filter for applications that cannot be read, and where. */
export class ApplicationFilterError extends Error {
  /** Position in the rule of the first character that does not fit, counted from 1. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} (at character ${position})`);
    this.name = "ApplicationFilterError";
    this.position = position;
  }
}

const NAME = /^customsecurityattribute\.([^_.]+)_([^.]+)$/;

const LANGUAGE: FilterLanguage = {
  property: (name) => {
    const [, set, attribute] = NAME.exec(name.toLowerCase()) ?? [];
    return set === undefined ? undefined : { name: `${set}.${attribute}`, operators: FILTER_OPERATORS };
  },
  properties: "CustomSecurityAttribute.<set>_<attribute>",
  fail: (message, position) => new ApplicationFilterError(message, position),
};

/**
 * Parses a filter for applications (https://learn.microsoft.com/entra/identity/conditional-access/concept-filter-for-applications).
 *
 * @example parseApplicationFilter('CustomSecurityAttribute.Data_class -contains "secret"')
 * @throws ApplicationFilterError with the position of what does not fit
 */
export function parseApplicationFilter(rule: string): Filter {
  return parseFilter(rule, LANGUAGE);
}

/**
 * Whether a filter matches an application.
 *
 * @param attributes custom security attributes, `<set>.<attribute>`, each with all its values. An attribute is compared
 * value by value, also with `-contains`: whether it takes one value or several is not known here.
 */
export function matchesApplication(
  filter: Filter,
  attributes: Readonly<Record<string, readonly string[]>> | undefined,
): boolean {
  const byName = new Map(Object.entries(attributes ?? {}).map(([name, values]) => [name.toLowerCase(), values]));
  return matchesFilter(filter, { isKnown: true, read: (property) => byName.get(property) ?? null });
}
