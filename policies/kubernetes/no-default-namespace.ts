import { resourceRule } from "../core/rule.ts";
import { known } from "../core/values.ts";
import { workloadTypes } from "./pods.ts";

/** Kinds that live in a namespace and say what a tool is or may do. */
const kinds = [
  ...workloadTypes,
  "kubernetes:core:Service",
  "kubernetes:core:ServiceAccount",
  "kubernetes:core:ConfigMap",
  "kubernetes:core:Secret",
  "kubernetes:rbac.authorization.k8s.io:Role",
  "kubernetes:rbac.authorization.k8s.io:RoleBinding",
  "kubernetes:networking.k8s.io:NetworkPolicy",
];

/** Each tool lives in a namespace of its own, which is where its boundaries are drawn. */
export const noDefaultNamespace = resourceRule(
  {
    name: "no-default-namespace",
    title: "Nothing lives in the default namespace",
    what: "A workload, or what belongs to one, names a namespace other than `default`.",
    why: "Network policies, pod security and rights are drawn around namespaces. In `default` a tool shares them with whatever else somebody forgot to put somewhere.",
    fix: "Set metadata.namespace to the tool's own namespace.",
    severity: "medium",
    url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
    mappings: [
      { framework: "cis-kubernetes", id: "5.7.4" },
      { framework: "cis-aks", id: "4.6.3" },
      { framework: "mcsb", id: "PV-2" },
    ],
  },
  {
    types: kinds,
    check({ props }, report) {
      const found = known(props, "metadata.namespace");
      if (found.kind === "unknown" || (found.kind === "value" && found.value !== "default")) return;
      const text = found.kind === "absent" ? "not set (default)" : '"default"';
      report({ at: "metadata.namespace", found: text, wanted: "the tool's own namespace" });
    },
  },
);
