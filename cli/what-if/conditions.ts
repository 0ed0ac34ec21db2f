import { type PlayedConditions, readConditions } from "../../model/conditional-access/played.ts";

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
