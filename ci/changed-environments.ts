import { environmentNames } from "../cli/stack-files.ts";
import { type Job, setOutput } from "./job.ts";
import { outputOf } from "./process.ts";

/** What the program, its policies and its previews are made of: a change there may change every environment. */
const CODE = /^(infra|components|model|policies|ci|\.github\/workflows)\/|^(package(-lock)?\.json|Pulumi\.yaml)$/;
/** What lies beside the code and is never deployed. */
const NOT_DEPLOYED = /\.test\.ts$|\/testing\/|\.md$/;

/**
 * The environments that a change may change: all for code, one for its stack file.
 * @param files paths in the repository; of a renamed file both
 * @param all every environment, in the order of promotion
 */
export function changedEnvironments(files: readonly string[], all: readonly string[]): string[] {
  if (files.some((file) => CODE.test(file) && !NOT_DEPLOYED.test(file))) return [...all];
  return all.filter((environment) => files.includes(`stacks/Pulumi.${environment}.yaml`));
}

/** Step: names the environments to preview, as JSON for the next job's matrix. The checkout is the merge commit. */
export async function findChangedEnvironments(job: Job): Promise<void> {
  const diff = ["diff", "--name-only", "--no-renames", "-z", "HEAD^1", "HEAD"];
  const files = (await outputOf(job.run, "git", diff)).split("\0").filter(Boolean);
  setOutput(job, "environments", JSON.stringify(changedEnvironments(files, environmentNames(job.root))));
}
