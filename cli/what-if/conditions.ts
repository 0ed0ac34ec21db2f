import {
  CONDITION_NAMES,
  CONDITIONS,
  type PlayedConditions,
  readConditions,
} from "../../model/conditional-access/played.ts";

/** The options that name a condition each, besides `--from`. */
export interface ConditionOptions {
  readonly country?: string;
  readonly device?: string;
  readonly client?: string;
  /** Each `name=value`, several with commas between. */
  readonly from?: readonly string[];
}

/** The conditions that the options ask for, with one sentence per mistake. */
export function askedConditions({ country, device, client, from = [] }: ConditionOptions): {
  conditions: PlayedConditions;
  problems: string[];
} {
  const single = Object.entries({ country, device, client }).flatMap(([name, value]) =>
    // A comma in a value of its own is part of the value, and so a mistake.
    value === undefined ? [] : [`${name}=${value.replaceAll(",", " ")}`],
  );
  return readConditions([...single, ...from]);
}

/** One line per condition, for the commands' help. */
export function describeConditions(): string {
  const width = Math.max(...CONDITION_NAMES.map((name) => name.length));
  return CONDITION_NAMES.map((name) => {
    const { about, allowed } = CONDITIONS[name];
    return `  ${name.padEnd(width)}  ${about}: ${allowed}`;
  }).join("\n");
}
