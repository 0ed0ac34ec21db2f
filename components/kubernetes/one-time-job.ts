import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import type { batch } from "@pulumi/kubernetes/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { type PodArgs, podTemplate } from "./pod.ts";

export interface OneTimeJobArgs {
  readonly namespace: pulumi.Input<string>;
  /** First part of the Job's name; the pod's config hash follows, so that a change runs a new Job. @example "superset-migrate" */
  readonly jobName: string;
  readonly pod: PodArgs;
  /** Seconds after which the Job counts as failed. @default 900 */
  readonly deadlineSeconds?: number;
}

/** Something that runs once for each version of what it reads, such as migrations. `up` waits until it is done. */
export class OneTimeJob extends pulumi.ComponentResource {
  readonly job: Job;

  constructor(name: string, args: OneTimeJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:kubernetes:OneTimeJob", name, {}, opts);
    const metadata = {
      name: `${args.jobName}-${args.pod.configHash.slice(0, 8)}`,
      namespace: args.namespace,
      labels: { ...args.pod.labels },
    };
    this.job = new Job(name, { metadata, spec: jobSpec(args) }, { parent: this });
    this.registerOutputs({});
  }
}

/** The Job's spec. No time to live after the end: a Job that removes itself would be missing at the next refresh. */
export function jobSpec(args: OneTimeJobArgs): batch.v1.JobSpec {
  return {
    backoffLimit: 3,
    activeDeadlineSeconds: args.deadlineSeconds ?? 900,
    template: podTemplate(args.pod, { restartPolicy: "Never" }),
  };
}
