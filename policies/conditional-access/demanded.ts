import type { ConfigProperties } from "../core/rule.ts";
import type { Enforcement } from "./policy.ts";

/** What rules about the whole of a stack are told by the settings. */
export interface Demanded {
  /** How far the part goes that the rule is about; `off`: the settings do without it, and say why. */
  readonly state: Enforcement;
  /** Client ids of applications that exist in every tenant and that tools of the stack sign people in with. */
  readonly applications: readonly string[];
}

/** The settings of such a rule. Without them it has nothing to do, as it would not know which tools there are. */
export function demandedConfig(part: string): ConfigProperties<Demanded> {
  return {
    state: {
      type: "string",
      enum: ["off", "report-only", "enforced"],
      default: "off",
      description: `How far ${part} goes at least: off, report-only or enforced.`,
    },
    applications: {
      type: "array",
      items: { type: "string", minLength: 1 },
      default: [],
      description: "Client ids of tools that are built into the platform, such as Databricks.",
    },
  };
}

/** How messages call a policy that does the job. */
export function inState(state: Enforcement): string {
  return state === "enforced" ? "an enabled policy" : "a policy, enabled or report-only,";
}
