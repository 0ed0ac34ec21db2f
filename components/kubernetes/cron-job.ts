import { CronJob as KubernetesCronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import type { batch } from "@pulumi/kubernetes/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import type { Interval } from "./intervals.ts";
import { type PodArgs, podTemplate } from "./pod.ts";

export interface CronJobArgs {
  readonly namespace: pulumi.Input<string>;
  /** Name of the CronJob; of its Jobs it is the first part. @example "metabase-reconcile" */
  readonly jobName: string;
  readonly pod: PodArgs;
  readonly every: Interval;
  /** Seconds after which one run counts as failed. @default 300 */
  readonly deadlineSeconds?: number;
}

/** Something that runs again and again, never twice at a time. A run that fails is seen in the Jobs that are kept. */
export class CronJob extends pulumi.ComponentResource {
  constructor(name: string, args: CronJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:kubernetes:CronJob", name, {}, opts);
    const metadata = { name: args.jobName, namespace: args.namespace, labels: { ...args.pod.labels } };
    new KubernetesCronJob(name, { metadata, spec: cronJobSpec(args) }, { parent: this });
    this.registerOutputs({});
  }
}

/** The CronJob's spec. A run that could not start in time is left out: the next one does all of its work. */
export function cronJobSpec(args: CronJobArgs): batch.v1.CronJobSpec {
  return {
    schedule: scheduleOf(args.every),
    timeZone: "Etc/UTC",
    concurrencyPolicy: "Forbid",
    startingDeadlineSeconds: 120,
    successfulJobsHistoryLimit: 1,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      spec: {
        // The next run is the retry.
        backoffLimit: 0,
        activeDeadlineSeconds: args.deadlineSeconds ?? 300,
        template: podTemplate(args.pod, { restartPolicy: "Never" }),
      },
    },
  };
}

function scheduleOf(every: Interval): string {
  return every === "1h" ? "0 * * * *" : `*/${Number.parseInt(every, 10)} * * * *`;
}
