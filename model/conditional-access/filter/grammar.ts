/**
 * The language of filter rules, which Conditional Access shares between devices and applications. Its syntax is that of
 * rules for dynamic membership; operators are those of
 * https://learn.microsoft.com/entra/identity/conditional-access/concept-condition-filters-for-devices.
 */
export const FILTER_OPERATORS = [
  "-eq",
  "-ne",
  "-startsWith",
  "-notStartsWith",
  "-endsWith",
  "-notEndsWith",
  "-contains",
  "-notContains",
  "-in",
  "-notIn",
] as const;

export type FilterOperator = (typeof FILTER_OPERATORS)[number];

/** A parsed rule. Values are in lower case, since comparisons ignore it. */
export type Filter =
  | {
      readonly kind: "compare";
      readonly property: string;
      readonly operator: FilterOperator;
      readonly values: readonly (string | null)[];
    }
  | { readonly kind: "not"; readonly filter: Filter }
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter };

/** What a rule of one kind of filter may name. */
export interface FilterProperty {
  /** The name that `Filter` carries. */
  readonly name: string;
  readonly operators: readonly FilterOperator[];
  /** Takes `True` and `False` only. */
  readonly isBoolean?: boolean;
}

/** One kind of filter: its properties and its errors. */
export interface FilterLanguage {
  /** The property that a rule calls so, without regard to capitals. */
  property(name: string): FilterProperty | undefined;
  /** For messages: what may stand where a property is expected. */
  readonly properties: string;
  fail(message: string, position: number): Error;
}
