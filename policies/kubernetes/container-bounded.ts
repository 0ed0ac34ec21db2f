import { checkDemands, type Demand, isTrue } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";
import { containers, podSpec, workloadTypes } from "./pods.ts";

const demands: readonly Demand[] = [
  ...["resources.requests.cpu", "resources.requests.memory", "resources.limits.memory"].map((at) => ({
    at,
    holds: () => true,
    wanted: "what the container needs",
    missing: "not set (whatever the node has)",
    fix: "Set requests of cpu and memory and a limit of memory, from what the tool uses.",
  })),
  {
    at: "securityContext.readOnlyRootFilesystem",
    holds: isTrue,
    wanted: "true",
    missing: "not set (writable)",
    fix: "Set `readOnlyRootFilesystem: true` and mount an emptyDir where the tool writes, such as /tmp.",
  },
];

/** A container takes what it was promised, and keeps nothing that was put into it. */
export const containerBounded = resourceRule(
  {
    name: "container-bounded",
    title: "Containers are bounded, and their root is read-only",
    what: "Every container says how much of a node it needs, has a limit of memory, and a root file system that nothing writes to.",
    why: "One query without a limit takes the memory of every tool on the node. A root that can be written to is where whoever gets in leaves the program that stays.",
    fix: "Set resources, and `readOnlyRootFilesystem: true`.",
    severity: "medium",
    url: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    mappings: [
      { framework: "nsa", id: "C-0017" },
      { framework: "nsa", id: "C-0270" },
      { framework: "nsa", id: "C-0271" },
      { framework: "mcsb", id: "PV-2" },
    ],
  },
  {
    types: workloadTypes,
    check(subject, report) {
      const pod = podSpec(subject);
      for (const { path, value } of pod ? containers(pod) : []) checkDemands(value, demands, report, path);
    },
  },
);
