import { expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import type { Sample } from "../testing/harness.ts";
import { stackMessages, urnOf } from "../testing/harness.ts";
import { disruptionAllowed } from "./disruption-allowed.ts";

const metadata = { name: "web", namespace: "charts" };
const workload = (replicas: unknown, more: object = {}): Sample => ({
  type: "kubernetes:apps/v1:Deployment",
  name: "web",
  props: { metadata, spec: { replicas, template: { metadata: { labels: { app: "web" } }, spec: {} }, ...more } },
});
const budget = (spec: object, app = "web"): Sample => ({
  type: "kubernetes:policy/v1:PodDisruptionBudget",
  name: "budget",
  props: { metadata, spec: { selector: { matchLabels: { app } }, ...spec } },
});
const scaler = (minReplicas: unknown): Sample => ({
  type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  name: "scaler",
  props: { metadata, spec: { minReplicas, scaleTargetRef: { kind: "Deployment", name: "web" } } },
});
const run = (...samples: Sample[]) => stackMessages(disruptionAllowed, samples);

it.each<[string, Sample[]]>([
  ["one pod without a budget", [workload(1)]],
  ["two pods, one of which stays", [workload(2), budget({ minAvailable: 1 })]],
  ["a share that lets one go", [workload(4), budget({ minAvailable: "50%" })]],
  ["as many as may go", [workload(2), budget({ maxUnavailable: 1 })]],
  ["an autoscaler's least number", [workload(undefined), scaler(3), budget({ minAvailable: 2 })]],
  ["a number that is not known yet", [workload(unknownText), workload(undefined), scaler(unknownText)]],
  ["labels that are not known yet", [workload(3, { template: unknownText })]],
  ["a budget that is not known yet", [workload(2), budget({ minAvailable: unknownText })]],
])("accepts %s", (_, samples) => {
  expect(run(...samples)).toEqual([]);
});

it.each<[string, Sample[], string]>([
  ["two pods without a budget", [workload(2)], "spec.replicas is 2, without a budget"],
  ["a budget of other pods", [workload(2), budget({ minAvailable: 1 }, "worker")], "without a budget"],
  ["an autoscaled workload without one", [workload(undefined), scaler(2)], "spec.replicas is 2"],
  ["a budget that keeps all", [workload(2), budget({ minAvailable: 2 })], "spec.minAvailable is 2 of 2"],
  ["a budget on one pod", [workload(1), budget({ minAvailable: 1 })], "spec.minAvailable is 1 of 1"],
  ["all of them in words", [workload(3), budget({ minAvailable: "100%" })], 'minAvailable is "100%" of 3'],
  ["a budget that lets none go", [budget({ maxUnavailable: 0 })], "spec.maxUnavailable is 0"],
  ["the same in words", [budget({ maxUnavailable: "0%" })], 'spec.maxUnavailable is "0%"'],
])("refuses %s", (_, samples, wanted) => {
  const found = run(...samples);
  expect(found).toEqual([expect.stringContaining(wanted)]);
  expect(samples.some((one) => found[0]?.startsWith(urnOf(one)))).toBe(true);
});
