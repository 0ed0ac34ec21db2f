import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { environmentOf, type Job, RESULTS } from "./job.ts";
import { runPulumi } from "./pulumi.ts";

/** What a rule said about a resource in a preview. */
export interface PolicyFinding {
  readonly policy: string;
  /** `mandatory` stops the deployment, `advisory` does not. */
  readonly level: string;
  readonly urn: string;
  readonly message: string;
}

/** One environment's preview, as `result.json` beside `preview.json` (what `pulumi preview --json` printed) tells it. */
export interface PreviewResult {
  readonly environment: string;
  /** Whether the preview succeeded, policies included. */
  readonly ok: boolean;
  /** How long it took. */
  readonly seconds: number;
  readonly policies: readonly PolicyFinding[];
  /** What the engine reported besides; the engine hides secret values in it. */
  readonly errors: readonly string[];
}

/** Step: previews one environment with a read-only identity. Fails as the preview does, after its results are written. */
export async function previewEnvironment(job: Job): Promise<void> {
  const environment = environmentOf(job);
  const folder = join(job.root, RESULTS, `preview-${environment}`);
  const { code, output, collected, seconds } = await runPulumi(job, environment, folder, ["preview", "--json"]);
  const result: PreviewResult = {
    environment,
    ok: code === 0,
    seconds,
    policies: collected.violations.map(({ policy, level, urn, message }) => ({
      policy,
      level,
      urn: urn ?? "",
      message,
    })),
    errors: collected.errors,
  };
  writeFileSync(join(folder, "preview.json"), output);
  writeFileSync(join(folder, "result.json"), JSON.stringify(result, undefined, 2));
  for (const { level, policy, message } of result.policies) job.log(`${level}: ${policy}: ${message}`);
  for (const error of result.errors) job.log(`error: ${error}`);
  job.log(`Preview of ${environment}: ${result.ok ? "done" : "failed"} in ${seconds} s.`);
  if (!result.ok) throw new Error(`The preview of ${environment} failed; see above.`);
}
