import { findChangedEnvironments } from "./changed-environments.ts";
import { accessCluster } from "./cluster-access.ts";
import { commentOnPullRequest } from "./comment.ts";
import { deployEnvironment } from "./deploy.ts";
import { findDrift } from "./drift.ts";
import { reportDrift } from "./drift-issue.ts";
import { type Job, thisJob } from "./job.ts";
import { previewEnvironment } from "./preview.ts";

/** The steps of .github/workflows that are longer than a line: `node --import tsx ci/main.ts <step>`. */
export const steps: Readonly<Record<string, (job: Job) => Promise<void>>> = {
  "changed-environments": findChangedEnvironments,
  "cluster-access": accessCluster,
  preview: previewEnvironment,
  comment: commentOnPullRequest,
  deploy: deployEnvironment,
  drift: findDrift,
  "drift-issue": reportDrift,
};

if (import.meta.filename === process.argv[1]) {
  const step = steps[process.argv[2] ?? ""];
  if (step === undefined) {
    process.stderr.write(`Which step? One of ${Object.keys(steps).join(", ")}.\n`);
    process.exit(2);
  }
  try {
    await step(thisJob());
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}
