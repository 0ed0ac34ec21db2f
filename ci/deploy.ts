import { join } from "node:path";
import { environmentOf, type Job, RESULTS, summarise } from "./job.ts";
import { runPulumi } from "./pulumi.ts";

/**
 * Step: brings one environment up. `pulumi up` previews first, so that every rule has had its say before anything is
 * touched; a mandatory violation ends it there.
 */
export async function deployEnvironment(job: Job): Promise<void> {
  const environment = environmentOf(job);
  const folder = join(job.root, RESULTS, "deploy");
  const command = ["up", "--yes", "--suppress-outputs", "--message", `${job.variables.GITHUB_SHA ?? "by hand"}`];
  const { code, collected, seconds } = await runPulumi(job, environment, folder, command, true);
  const counts = new Map<string, number>();
  for (const { op } of collected.changes) counts.set(op, (counts.get(op) ?? 0) + 1);
  const changes = [...counts].map(([op, count]) => `${count} ${op}`).join(", ") || "no changes";
  const failed = code === 0 ? "" : ", **failed**";
  summarise(job, `**${environment}**: ${changes} in ${seconds} s${failed}`);
  if (code !== 0) throw new Error(`pulumi up of ${environment} failed; see above.`);
}
