import type { Filter, FilterOperator } from "./grammar.ts";

/** A property's value: one text, several, or null where there is none. */
export type FilterValue = string | readonly string[] | null;

/** What a rule is matched with. */
export interface FilterSubject {
  /** The value of a property, by the name that `Filter` carries. */
  read(property: string): FilterValue;
  /** False for a device that the directory does not know: no positive operator matches it, every negative one does. */
  readonly isKnown: boolean;
}

/** Whether a rule matches. Texts are compared without regard to capitals. */
export function matchesFilter(filter: Filter, subject: FilterSubject): boolean {
  switch (filter.kind) {
    case "and":
      return matchesFilter(filter.left, subject) && matchesFilter(filter.right, subject);
    case "or":
      return matchesFilter(filter.left, subject) || matchesFilter(filter.right, subject);
    case "not":
      return !matchesFilter(filter.filter, subject);
    case "compare":
      return compare(filter.operator, filter.values, subject, filter.property);
  }
}

const POSITIVE: Readonly<Record<FilterOperator, PositiveOperator | undefined>> = {
  "-eq": undefined,
  "-startsWith": undefined,
  "-endsWith": undefined,
  "-contains": undefined,
  "-in": undefined,
  "-ne": "-eq",
  "-notStartsWith": "-startsWith",
  "-notEndsWith": "-endsWith",
  "-notContains": "-contains",
  "-notIn": "-in",
};
type PositiveOperator = "-eq" | "-startsWith" | "-endsWith" | "-contains" | "-in";

/** A negative operator is the opposite of its positive one, also for a value that is not there. */
function compare(
  operator: FilterOperator,
  values: readonly (string | null)[],
  subject: FilterSubject,
  property: string,
): boolean {
  const positive = POSITIVE[operator];
  if (!subject.isKnown) return positive !== undefined;
  const value = subject.read(property);
  return positive === undefined ? holds(operator as PositiveOperator, value, values) : !holds(positive, value, values);
}

function holds(operator: PositiveOperator, value: FilterValue, wanted: readonly (string | null)[]): boolean {
  const [first = null] = wanted;
  if (value === null || first === null) return operator === "-eq" && value === first;
  if (typeof value !== "string") return value.some((one) => wanted.includes(one.toLowerCase()));
  const text = value.toLowerCase();
  switch (operator) {
    case "-eq":
      return text === first;
    case "-startsWith":
      return text.startsWith(first);
    case "-endsWith":
      return text.endsWith(first);
    case "-contains":
      return text.includes(first);
    case "-in":
      return wanted.includes(text);
  }
}
