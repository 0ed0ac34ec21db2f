import type { Rule } from "../core/rule.ts";
import { alone, chapters } from "./index.ts";
import { type Chapter, type Recommendation, sourceName } from "./recommendation.ts";

function ruleLink(name: string): string {
  return `[${name}](policies.md#${name})`;
}

function coverOf(one: Recommendation): string {
  if ("reason" in one) return `– ${one.reason}`;
  return one.rules.map(ruleLink).join(", ") + (one.gap === undefined ? "" : `. Left open: ${one.gap}`);
}

function row(one: Recommendation): string {
  const number = one.id ?? (one.url === undefined ? "" : `[page](${one.url})`);
  return `| ${number} | ${one.asks} | ${coverOf(one)} |`;
}

function section({ title, source, recommendations }: Chapter): string {
  const head = ["| | recommended | rule, or why there is none |", "| --- | --- | --- |"];
  return [`### ${title}`, `${sourceName(source)}.`, "", ...head, ...recommendations.map(row)].join("\n");
}

/** The page docs/policy-coverage.md. */
export function coveragePage(rules: readonly Rule[]): string {
  const all = chapters.flatMap(({ recommendations }) => recommendations);
  const covered = all.filter((one) => "rules" in one);
  const others = rules.filter(({ text }) => alone[text.name] !== undefined);
  return `${[
    "# What Microsoft and CIS recommend",
    "",
    "<!-- Written by policies/write-docs.ts from policies/coverage/; edit that, then run `node --import tsx policies/write-docs.ts`. -->",
    "",
    "Recommendations for what a stack of this project makes, each with the [rules](policies.md) that check it before it exists, or the",
    `reason why none does: ${covered.length} of ${all.length} have one. Numbers are pointers into the catalogues' editions named below, not a claim of conformity; the`,
    "words are ours. What a catalogue asks of other services, of virtual machines or of a tenant's own settings is not listed.",
    "",
    ...chapters.map((chapter) => `${section(chapter)}\n`),
    "### Rules that stand alone",
    "",
    ...others.map(({ text }) => `- ${ruleLink(text.name)}: ${alone[text.name]}`),
  ].join("\n")}\n`;
}
