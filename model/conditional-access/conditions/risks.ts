import type { Test } from "../answer.ts";
import type { SignInConditions } from "../sign-in.ts";
import { flags } from "./flags.ts";

/** The levels of risk that a sign-in carries. */
type Risk = "signInRiskLevel" | "userRiskLevel" | "servicePrincipalRiskLevel" | "insiderRiskLevel";

/**
 * A level of risk: exactly the listed levels match, a higher one does not come along.
 *
 * @param levels a list, or Graph's comma-separated flags
 * @returns undefined where the policy has no such condition
 */
export function riskCondition(levels: readonly string[] | string | null, risk: Risk): Test | undefined {
  const wanted: ReadonlySet<string> = typeof levels === "string" ? flags(levels) : new Set(levels ?? []);
  if (wanted.size === 0) return undefined;
  return ({ conditions }) => {
    const level: SignInConditions[Risk] = conditions[risk];
    return level === undefined ? "unknown" : wanted.has(level);
  };
}
