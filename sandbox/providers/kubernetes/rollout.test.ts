import { describe, expect, test } from "vitest";
import { KubernetesError, type KubernetesObject } from "../../cluster/client.ts";
import { fieldConflicts } from "./apply.ts";
import { podProblem, readiness } from "./rollout.ts";
import { skipsAwait, timeoutMs } from "./wait.ts";

const object = (apiVersion: string, kind: string, spec: object, status: object): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: "it", generation: 2 },
  spec,
  status,
});
const state = (...args: Parameters<typeof object>) => readiness(object(...args));
const condition = (type: string, status: string, more: object = {}) => ({ conditions: [{ type, status, ...more }] });

describe("Deployment", () => {
  const done = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
  test.each([
    ["all are there", { replicas: 2 }, done, "ready"],
    ["none are wanted", { replicas: 0 }, { observedGeneration: 2 }, "ready"],
    ["one is the default", {}, { ...done, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }, "ready"],
    ["paused", { replicas: 2, paused: true }, {}, "ready"],
    ["the controller has not looked", { replicas: 2 }, { ...done, observedGeneration: 1 }, "waiting"],
    ["old pods run", { replicas: 2 }, { ...done, replicas: 3 }, "waiting"],
    ["new pods are not available", { replicas: 2 }, { ...done, availableReplicas: 1 }, "waiting"],
    ["new pods are missing", { replicas: 2 }, { ...done, updatedReplicas: 1 }, "waiting"],
    [
      "the deadline passed",
      { replicas: 2 },
      { ...done, ...condition("Progressing", "False", { reason: "ProgressDeadlineExceeded" }) },
      "failed",
    ],
  ])("%s", (_, spec, status, expected) => {
    expect(state("apps/v1", "Deployment", spec, status).state).toBe(expected);
  });

  test("what keeps its pods from being made is told", () => {
    const status = { observedGeneration: 2, ...condition("ReplicaFailure", "True", { message: "pods are forbidden" }) };
    expect(state("apps/v1", "Deployment", { replicas: 1 }, status)).toEqual({
      state: "waiting",
      reason: "0 of 1 replicas are up to date (pods are forbidden)",
    });
  });
});

describe("other kinds", () => {
  test.each([
    ["a Job that is complete", "batch/v1", "Job", {}, condition("Complete", "True"), "ready"],
    ["a Job that runs", "batch/v1", "Job", {}, { active: 1 }, "waiting"],
    [
      "a Job that failed",
      "batch/v1",
      "Job",
      {},
      condition("Failed", "True", { reason: "BackoffLimitExceeded" }),
      "failed",
    ],
    ["a suspended Job", "batch/v1", "Job", { suspend: true }, {}, "ready"],
    [
      "a StatefulSet",
      "apps/v1",
      "StatefulSet",
      { replicas: 1 },
      { observedGeneration: 2, readyReplicas: 1, currentRevision: "b", updateRevision: "b" },
      "ready",
    ],
    [
      "one between revisions",
      "apps/v1",
      "StatefulSet",
      { replicas: 1 },
      { observedGeneration: 2, readyReplicas: 1, currentRevision: "a", updateRevision: "b" },
      "waiting",
    ],
    [
      "a DaemonSet without nodes",
      "apps/v1",
      "DaemonSet",
      {},
      { observedGeneration: 2, desiredNumberScheduled: 0 },
      "ready",
    ],
    ["a pod that is ready", "v1", "Pod", {}, { phase: "Running", ...condition("Ready", "True") }, "ready"],
    ["a pod that did its work", "v1", "Pod", {}, { phase: "Succeeded" }, "ready"],
    ["a pod that failed", "v1", "Pod", {}, { phase: "Failed" }, "failed"],
    ["a namespace that ends", "v1", "Namespace", {}, { phase: "Terminating" }, "waiting"],
    [
      "a definition",
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      {},
      condition("Established", "True"),
      "ready",
    ],
    [
      "a definition whose names are taken",
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      {},
      condition("NamesAccepted", "False"),
      "failed",
    ],
    ["a ConfigMap", "v1", "ConfigMap", {}, {}, "ready"],
    ["a namesake of another group", "example.com/v1", "Job", {}, {}, "ready"],
  ])("%s", (_, apiVersion, kind, spec, status, expected) => {
    expect(state(apiVersion, kind, spec, status).state).toBe(expected);
  });
});

test.each([
  [
    {
      containerStatuses: [
        { name: "web", state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } } },
      ],
    },
    "container web: ImagePullBackOff, no such image",
  ],
  [
    { initContainerStatuses: [{ name: "init", state: { terminated: { exitCode: 3 } } }] },
    "container init ended with 3",
  ],
  [condition("PodScheduled", "False", { message: "0/1 nodes are available" }), "0/1 nodes are available"],
  [{ containerStatuses: [{ name: "web", state: { running: {} } }] }, undefined],
])("a pod's problem in words", (status, expected) => {
  expect(podProblem(object("v1", "Pod", {}, status))).toBe(expected);
});

test("the annotations decide whether and how long to wait", () => {
  const annotated = (annotations: Record<string, string>) => ({ metadata: { annotations } });
  expect(skipsAwait(annotated({ "pulumi.com/skipAwait": "true" }))).toBe(true);
  expect(skipsAwait(annotated({ "pulumi.com/skipAwait": "false" }))).toBe(false);
  expect(timeoutMs(annotated({ "pulumi.com/timeoutSeconds": "5" }), 600)).toBe(5_000);
  expect(timeoutMs(annotated({ "pulumi.com/timeoutSeconds": "soon" }), 600)).toBe(600_000);
});

test("a conflict is told with its field and the manager who owns it", () => {
  const causes = [
    { reason: "FieldManagerConflict", message: 'conflict with "kubectl-edit" using apps/v1', field: ".spec.replicas" },
  ];
  const error = new KubernetesError(409, { message: "Apply failed", reason: "Conflict", details: { causes } }, "PATCH");
  expect(fieldConflicts(error)).toEqual([{ manager: "kubectl-edit", field: ".spec.replicas" }]);
  expect(fieldConflicts(new KubernetesError(409, { message: "already exists" }, "POST"))).toEqual([]);
});
