import { sessionWords, verdictWords } from "../../model/conditional-access/words.ts";
import type { PolicyState, WhatIf } from "../../model/index.ts";
import { painter, type TableOptions, table, wrap } from "../table.ts";

/** States by the words of the settings. */
const STATES: Readonly<Record<PolicyState, string>> = {
  enabled: "enforced",
  enabledForReportingButNotEnforced: "report-only",
  disabled: "off",
};

const INDENT = "  ";

/** Who is asked about, as the lines name it. */
export interface Asked {
  readonly person: string;
  /** The tool's display name. */
  readonly tool: string;
  /** @example "country=US, device=compliant" */
  readonly conditions: string;
}

/** The answer for one person, tool and set of conditions as text. */
export function renderOne(
  { person, tool, conditions }: Asked,
  { verdict, policies, assigned, reportOnly }: WhatIf,
  { width = 100, color = false }: TableOptions = {},
): string {
  const why = verdict.because.map((name) => `"${name}"`).join(" and ");
  const answer = `${person} in ${tool}, ${conditions}: ${verdictWords({ ...verdict, session: {} })}${why === "" ? "" : `, by ${why}`}.`;
  const lines = [
    ...(verdict.outcome === "block" ? [] : sessionWords(verdict.session)).map((words) => `Session: ${words}.`),
    ...(reportOnly === null ? [] : [`Once report-only policies are enforced: ${verdictWords(reportOnly)}.`]),
    ...(assigned
      ? []
      : [
          `${person} holds no role in ${tool}: the sign-in ends before Conditional Access is asked (see entrada access).`,
        ]),
  ];
  const rows = policies
    .toSorted((one, other) => Number(other.applies) - Number(one.applies))
    .map(({ displayName, state, applies, reason }) => [
      STATES[state],
      applies ? "yes" : "-",
      applies ? displayName : `${displayName} (${reason})`,
    ]);
  const paint = painter(color);
  const text = [
    ...wrap(answer, width),
    ...lines.flatMap((line) => wrap(line, width - INDENT.length)).map((line) => `${INDENT}${line}`),
  ].join("\n");
  if (rows.length === 0) return `${text}\n\nThe settings declare no policies.`;
  return `${text}\n\n${table(["STATE", "APPLIES", "POLICY, AND WHY NOT"], rows, width, paint)}`;
}
