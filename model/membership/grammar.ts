/**
 * The part of Entra's dynamic-membership language that Entrada takes
 * (https://learn.microsoft.com/entra/identity/users/groups-dynamic-membership): properties of users that a directory
 * without extensions has, and every operator on single values but `-match`, whose regular expressions are .NET's.
 */

/** What a rule can ask of a person, under Microsoft Graph's names. A value that the person lacks is null. */
export interface RuleSubject {
  readonly department: string | null;
  readonly jobTitle: string | null;
  readonly userType: string | null;
  readonly accountEnabled: boolean;
  readonly country: string | null;
  readonly companyName: string | null;
  readonly mail: string | null;
  readonly userPrincipalName: string;
}

/** A property that a rule may name after `user.`. */
export type RuleProperty = keyof RuleSubject;

/** Every property that a rule may name. */
export const RULE_PROPERTIES = [
  "department",
  "jobTitle",
  "userType",
  "accountEnabled",
  "country",
  "companyName",
  "mail",
  "userPrincipalName",
] as const satisfies readonly RuleProperty[];

/** Every comparison that a rule may make. */
export const RULE_OPERATORS = [
  "-eq",
  "-ne",
  "-startsWith",
  "-notStartsWith",
  "-contains",
  "-notContains",
  "-in",
  "-notIn",
] as const;

export type RuleOperator = (typeof RULE_OPERATORS)[number];

/** A literal of a rule. */
export type RuleValue = string | boolean | null;

/** A parsed rule. */
export type Rule =
  | {
      readonly kind: "compare";
      readonly property: RuleProperty;
      readonly operator: RuleOperator;
      readonly values: readonly RuleValue[];
    }
  | { readonly kind: "not"; readonly rule: Rule }
  | { readonly kind: "and" | "or"; readonly left: Rule; readonly right: Rule };

/** A rule that cannot be read, and where. */
export class MembershipRuleError extends Error {
  /** Position in the rule of the first character that does not fit, counted from 1. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} (at character ${position})`);
    this.name = "MembershipRuleError";
    this.position = position;
  }
}
