import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { environmentOf, type Job, PREVIEWS } from "./job.ts";
import { runPulumi } from "./pulumi.ts";

/**
 * Step: previews one environment with a read-only identity. What `entrada access comment` reads stays in the previews' folder:
 * `<environment>.json` and `<environment>.events.jsonl`. Fails as the preview does, after they are written.
 */
export async function previewEnvironment(job: Job): Promise<void> {
  const environment = environmentOf(job);
  const folder = join(job.root, PREVIEWS);
  const { code, output, collected, seconds } = await runPulumi(job, environment, folder, ["preview", "--json"]);
  writeFileSync(join(folder, `${environment}.json`), output);
  for (const { level, policy, message } of collected.violations) job.log(`${level}: ${policy}: ${message}`);
  for (const error of collected.errors) job.log(`error: ${error}`);
  if (code !== 0) throw new Error(`The preview of ${environment} failed after ${seconds} s; see above.`);
  job.log(`Previewed ${environment} in ${seconds} s.`);
}
