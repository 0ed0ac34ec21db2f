import { resourceRule } from "../core/rule.ts";
import { known } from "../core/values.ts";
import { namespaceType } from "./namespaces.ts";

const label = "pod-security.kubernetes.io/enforce";

/** The API server itself refuses pods that are not restricted, whoever sends them. */
export const namespaceRestricted = resourceRule(
  {
    name: "namespace-restricted",
    title: "Namespaces enforce the restricted standard",
    what: "A namespace of the stack has the label by which the API server refuses pods that don't meet the restricted standard.",
    why: "This pack sees the pods of this program. Those that a tool starts by itself, such as Airflow's tasks, or that somebody starts by hand, are stopped by the API server or by nobody.",
    fix: `Set the label \`${label}: restricted\` (components/kubernetes/namespace.ts does), and pin its version with \`${label}-version\`.`,
    severity: "high",
    url: "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
    mappings: [{ framework: "cis-kubernetes", id: "5.2.1" }],
  },
  {
    types: [namespaceType],
    check({ props }, report) {
      const found = known(props, ["metadata", "labels", label]);
      if (found.kind === "unknown" || (found.kind === "value" && found.value === "restricted")) return;
      report({
        at: `metadata.labels["${label}"]`,
        found: found.kind === "absent" ? "not set" : JSON.stringify(found.value),
        wanted: '"restricted"',
      });
    },
  },
);
