import { type StackSubject, stackRule } from "../core/rule.ts";
import { elements, known } from "../core/values.ts";
import { namespaceOf, namespaceType, ownName } from "./namespaces.ts";
import { workloadTypes } from "./pods.ts";

const networkPolicy = "kubernetes:networking.k8s.io:NetworkPolicy";

/** Whether a policy chooses every pod, covers a direction and lets nothing through. What is not known yet may be so. */
function denies({ props }: StackSubject, direction: "Ingress" | "Egress"): boolean {
  // Of a cluster that the same stack makes, a first preview knows nothing: the engine hands back no properties at all.
  if (Object.keys(props as object).length === 0) return true;
  const selector = known(props, "spec.podSelector");
  if (selector.kind === "value" && elements(props, "spec.podSelector").some(({ item }) => notEmpty(item))) return false;
  const covered = elements(props, "spec.policyTypes").some(
    ({ item }) => item.kind === "unknown" || (item.kind === "value" && item.value === direction),
  );
  const rules = known(props, direction === "Ingress" ? "spec.ingress" : "spec.egress");
  const open = rules.kind === "value" && elements(rules.value, []).length > 0;
  return known(props, "spec").kind === "unknown" || (covered && !open);
}

function notEmpty(item: ReturnType<typeof known>): boolean {
  return item.kind === "value" && (typeof item.value !== "object" || elements(item.value, []).length > 0);
}

/**
 * Every namespace of the stack that runs something starts closed. Namespaces that the stack only uses are somebody else's, who
 * may have closed them.
 */
export const networkDefaultDeny = stackRule(
  {
    name: "network-default-deny",
    title: "Namespaces start closed",
    what: "A namespace of the stack that runs pods has a network policy that lets nothing in and nothing out of any of them.",
    why: "Policies only add: pods that none of them chooses, such as those of tomorrow's Job, talk to everything and are reached by everything. Tools that trust a header or skip a check of the token then take it from any pod of the cluster.",
    fix: "Use components/kubernetes/network-policies.ts, which closes the namespace and opens what is named.",
    severity: "high",
    url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
    mappings: [
      { framework: "cis-kubernetes", id: "5.3.2" },
      { framework: "cis-aks", id: "4.4.2" },
      { framework: "nsa", id: "C-0030" },
    ],
  },
  {
    types: [namespaceType, networkPolicy, ...workloadTypes],
    check(resources, report) {
      const namespaces = resources.filter(({ type }) => type === namespaceType);
      const inside = (type: (type: string) => boolean, name: string) =>
        resources.filter((one) => type(one.type) && namespaceOf(one, namespaces) === name);
      for (const namespace of namespaces) {
        const name = ownName(namespace);
        if (inside((type) => workloadTypes.includes(type), name).length === 0) continue;
        const policies = inside((type) => type === networkPolicy, name);
        for (const direction of ["Ingress", "Egress"] as const) {
          if (policies.some((policy) => denies(policy, direction))) continue;
          const found = `open: no policy denies ${direction === "Ingress" ? "what comes in" : "what goes out"}`;
          report(namespace, {
            at: "metadata.name",
            found,
            wanted: `podSelector {} with policyTypes [${direction}] and no rules`,
          });
        }
      }
    },
  },
);
