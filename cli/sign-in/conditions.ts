import { CONDITION_NAMES, CONDITIONS } from "../../model/conditional-access/played.ts";

/** One line per condition that can be played, for a command's help. */
export function describeConditions(): string {
  const width = Math.max(...CONDITION_NAMES.map((name) => name.length));
  return CONDITION_NAMES.map((name) => {
    const { about, allowed } = CONDITIONS[name];
    return `  ${name.padEnd(width)}  ${about}: ${allowed}`;
  }).join("\n");
}
