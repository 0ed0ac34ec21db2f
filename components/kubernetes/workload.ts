import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type { apps, autoscaling } from "@pulumi/kubernetes/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { type PodArgs, podTemplate } from "./pod.ts";

/** How many pods run: a fixed number where both are equal. */
export interface Scale {
  readonly min: number;
  readonly max: number;
}

export interface WorkloadArgs {
  readonly namespace: pulumi.Input<string>;
  /** Name of the Deployment and of what belongs to it. @example "superset-web" */
  readonly workloadName: string;
  readonly pod: PodArgs;
  /** @example { min: 2, max: 4 } */
  readonly scale: Scale;
  /** Whether no two pods may ever run side by side, such as a scheduler. @default false */
  readonly singleton?: boolean;
  /** Offers a port of the pods inside the cluster. @default no Service */
  readonly service?: { readonly serviceName: string; readonly port: number; readonly targetPort: number };
}

/**
 * A Deployment of hardened pods, spread over zones and nodes, with what its number of pods asks for: an autoscaler where
 * it may grow, a disruption budget from two pods on (with one pod it would stop node upgrades), a Service where asked for.
 */
export class Workload extends pulumi.ComponentResource {
  readonly deployment: Deployment;
  /** Name of the Service; undefined without one. */
  readonly serviceName: pulumi.Output<string> | undefined;

  constructor(name: string, args: WorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:kubernetes:Workload", name, {}, opts);
    const child = { parent: this };
    const metadata = { name: args.workloadName, namespace: args.namespace, labels: { ...args.pod.labels } };
    const selector = { matchLabels: { ...args.pod.labels } };

    this.deployment = new Deployment(name, { metadata, spec: deploymentSpec(args) }, child);
    if (args.scale.max > args.scale.min) {
      new HorizontalPodAutoscaler(`${name}-scale`, { metadata, spec: autoscalerSpec(args) }, child);
    }
    if (args.scale.min >= 2) {
      const spec = { minAvailable: 1, selector, unhealthyPodEvictionPolicy: "AlwaysAllow" };
      new PodDisruptionBudget(`${name}-budget`, { metadata, spec }, child);
    }
    this.serviceName = args.service === undefined ? undefined : createService(name, args, args.service, child);
    this.registerOutputs({});
  }
}

function createService(
  name: string,
  args: WorkloadArgs,
  service: NonNullable<WorkloadArgs["service"]>,
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const created = new Service(
    `${name}-service`,
    {
      metadata: { name: service.serviceName, namespace: args.namespace, labels: { ...args.pod.labels } },
      spec: {
        type: "ClusterIP",
        selector: { ...args.pod.labels },
        ports: [{ name: "http", port: service.port, targetPort: service.targetPort, protocol: "TCP" }],
      },
    },
    child,
  );
  return created.metadata.name;
}

/** The Deployment's spec. `replicas` is left out where an autoscaler sets it, or every `up` would set it back. */
export function deploymentSpec(args: WorkloadArgs): apps.v1.DeploymentSpec {
  const scaled = args.scale.max > args.scale.min;
  return {
    ...(scaled ? {} : { replicas: args.scale.min }),
    selector: { matchLabels: { ...args.pod.labels } },
    revisionHistoryLimit: 5,
    strategy: args.singleton
      ? { type: "Recreate" }
      : { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: podTemplate(args.pod, { topologySpreadConstraints: spread(args.pod.labels) }),
  };
}

/** Prefers other zones and nodes. Demanding them would leave pods without a place in a small or growing cluster. */
function spread(labels: Readonly<Record<string, string>>) {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { ...labels } },
    matchLabelKeys: ["pod-template-hash"],
  }));
}

function autoscalerSpec({ workloadName, scale }: WorkloadArgs): autoscaling.v2.HorizontalPodAutoscalerSpec {
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: workloadName },
    minReplicas: scale.min,
    maxReplicas: scale.max,
    metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } }],
  };
}
