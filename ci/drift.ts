import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { shortName } from "../sandbox/engine/changes.ts";
import { environmentOf, type Job, RESULTS } from "./job.ts";
import { runPulumi } from "./pulumi.ts";

/** What the nightly look at one environment found; `drift.json` in the job's results. */
export interface DriftResult {
  readonly environment: string;
  /** `failed`: nobody knows, because the preview itself did not succeed. */
  readonly state: "clean" | "drifted" | "failed";
  /** What an `up` would put right: operation, resource and, of an update, the properties. */
  readonly changes: readonly {
    readonly op: string;
    readonly resource: string;
    readonly properties: readonly string[];
  }[];
  readonly errors: readonly string[];
}

/**
 * Step: reads what really is there and compares it with the declared. Succeeds where there is drift, which the issue
 * tells of; fails where the preview itself does.
 */
export async function findDrift(job: Job): Promise<void> {
  const environment = environmentOf(job);
  const folder = join(job.root, RESULTS, `drift-${environment}`);
  const command = ["preview", "--refresh", "--expect-no-changes", "--json"];
  const { code, collected } = await runPulumi(job, environment, folder, command);
  const { changes, errors } = collected;
  // --expect-no-changes ends with an error of its own, so the changes decide.
  const state = changes.length > 0 ? "drifted" : code === 0 ? "clean" : "failed";
  const result: DriftResult = {
    environment,
    state,
    changes: changes.map(({ op, urn, properties }) => ({ op, resource: shortName(urn), properties })),
    errors,
  };
  writeFileSync(join(folder, "drift.json"), JSON.stringify(result, undefined, 2));
  job.log(`${environment}: ${state}, ${changes.length} changes.`);
  for (const error of errors) job.log(`error: ${error}`);
  if (state === "failed") throw new Error(`The preview of ${environment} failed; see above.`);
}
