import { parseRule, type RuleReader } from "../../membership/reader.ts";
import {
  FILTER_OPERATORS,
  type Filter,
  type FilterLanguage,
  type FilterOperator,
  type FilterProperty,
} from "./grammar.ts";

/**
 * Parses a filter rule, whose syntax is that of rules for dynamic membership.
 *
 * @throws what `language.fail` makes, with the position of what does not fit
 */
export function parseFilter(rule: string, language: FilterLanguage): Filter {
  return parseRule<Filter>(rule, {
    comparison: (reader) => comparison(reader, language),
    not: (filter) => ({ kind: "not", filter }),
    join: (kind, left, right) => ({ kind, left, right }),
    fail: language.fail,
  });
}

function comparison(reader: RuleReader, language: FilterLanguage): Filter {
  const nameToken = reader.take();
  const property = nameToken.kind === "word" ? language.property(nameToken.value) : undefined;
  if (property === undefined) throw reader.unexpected(nameToken, `a property: ${language.properties}`);
  const operator = operatorOf(reader, property);
  const values =
    operator === "-in" || operator === "-notIn"
      ? reader.texts(`a text in quotes for ${property.name}`).map((text) => text.toLowerCase())
      : [value(reader, property, operator)];
  return { kind: "compare", property: property.name, operator, values };
}

function operatorOf(reader: RuleReader, property: FilterProperty): FilterOperator {
  const token = reader.take();
  const operator = reader.operator(token, FILTER_OPERATORS);
  if (operator !== undefined && property.operators.includes(operator)) return operator;
  throw reader.unexpected(token, `an operator for ${property.name}: ${property.operators.join(", ")}`);
}

/** Booleans may stand with quotes and without: Microsoft's own examples have both. */
function value(reader: RuleReader, { isBoolean = false }: FilterProperty, operator: FilterOperator): string | null {
  const token = reader.take();
  const text = token.value.toLowerCase();
  if (token.kind === "word" && text === "null" && (operator === "-eq" || operator === "-ne")) return null;
  if (isBoolean ? text === "true" || text === "false" : token.kind === "text") return text;
  throw reader.unexpected(token, isBoolean ? "True or False" : "a text in quotes");
}
