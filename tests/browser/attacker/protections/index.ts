import { airflow } from "./airflow.ts";
import { outside } from "./outside.ts";
import type { Protection } from "./protection.ts";
import { reports } from "./reports.ts";
import { superset } from "./superset.ts";

export { FIRM } from "./firm.ts";
export type { Known, Protection } from "./protection.ts";
export { addedFiles } from "./reports.ts";

/** Every line that holds an attack off, by tool. */
export const PROTECTIONS: readonly Protection[] = [
  ...superset,
  ...outside("superset", "superset"),
  ...airflow,
  ...outside("airflow", "airflow"),
  ...reports,
  ...outside("reports", "reports"),
];
