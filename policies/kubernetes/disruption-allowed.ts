import { type StackSubject, stackRule } from "../core/rule.ts";
import { known, text } from "../core/values.ts";
import { namespaceOf, namespaceType } from "./namespaces.ts";
import { podMetadata } from "./pods.ts";
import { labelsAt, policyChooses } from "./selection.ts";

const budgetType = "kubernetes:policy:PodDisruptionBudget";
const scaler = "kubernetes:autoscaling:HorizontalPodAutoscaler";
const scaled = ["kubernetes:apps:Deployment", "kubernetes:apps:StatefulSet"];

interface Scene {
  readonly namespaces: readonly StackSubject[];
  readonly scalers: readonly StackSubject[];
  readonly budgets: readonly StackSubject[];
}

/** Fewest pods that a workload runs; undefined while that is not known. */
function leastPods(workload: StackSubject, { scalers, namespaces }: Scene): number | undefined {
  const name = text(workload.props, "metadata.name");
  const own = scalers.find(
    (one) =>
      name !== undefined &&
      text(one.props, "spec.scaleTargetRef.name") === name &&
      namespaceOf(one, namespaces) === namespaceOf(workload, namespaces),
  );
  const found = own ? known(own.props, "spec.minReplicas") : known(workload.props, "spec.replicas");
  if (found.kind === "unknown") return undefined;
  return found.kind === "value" ? Number(found.value) : 1;
}

/** The budgets that choose a workload's pods. */
function budgetsOf(workload: StackSubject, { budgets, namespaces }: Scene): readonly StackSubject[] {
  const metadata = podMetadata(workload);
  const labels = metadata === undefined ? new Map<string, string>() : labelsAt(metadata.value, "labels");
  const place = namespaceOf(workload, namespaces);
  return budgets.filter(
    (one) => namespaceOf(one, namespaces) === place && policyChooses(one.props, "spec.selector", labels),
  );
}

/** A number of pods, or a share of them, as Kubernetes reads it. */
function podsOf(amount: unknown, all: number): number {
  const share = /^(\d+)%$/.exec(String(amount))?.[1];
  return share === undefined ? Number(amount) : Math.ceil((Number(share) / 100) * all);
}

/** Upgrades of nodes take one pod of a tool at a time: neither all of them at once, nor none. */
export const disruptionAllowed = stackRule(
  {
    name: "disruption-allowed",
    title: "Node upgrades neither stop a tool nor are stopped by it",
    what: "A workload of two pods or more has a disruption budget, and every budget lets at least one pod go.",
    why: "Without a budget a node upgrade takes all pods of a tool at once. With one that lets none go the upgrade hangs, and the nodes stay without their patches.",
    fix: "Add a PodDisruptionBudget with minAvailable below the least number of pods, as components/kubernetes/workload.ts does.",
    severity: "low",
    url: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
  },
  {
    types: [namespaceType, budgetType, scaler, ...scaled],
    check(resources, report) {
      const of = (type: string) => resources.filter((one) => one.type === type);
      const scene = { namespaces: of(namespaceType), scalers: of(scaler), budgets: of(budgetType) };
      for (const budget of scene.budgets) {
        const at = "spec.maxUnavailable";
        const gone = known(budget.props, at);
        if (gone.kind !== "value" || podsOf(gone.value, 1) > 0) continue;
        report(budget, { at, found: JSON.stringify(gone.value), wanted: "at least 1" });
      }
      for (const workload of resources.filter(({ type }) => scaled.includes(type))) {
        const pods = leastPods(workload, scene);
        if (pods === undefined || known(workload.props, "spec.template").kind === "unknown") continue;
        const own = budgetsOf(workload, scene);
        if (pods >= 2 && own.length === 0) {
          report(workload, {
            at: "spec.replicas",
            found: `${pods}, without a budget`,
            wanted: "a PodDisruptionBudget",
          });
        }
        for (const budget of own) {
          const at = "spec.minAvailable";
          const kept = known(budget.props, at);
          if (kept.kind !== "value" || podsOf(kept.value, pods) < pods) continue;
          const found = `${JSON.stringify(kept.value)} of ${pods}`;
          report(budget, { at, found, wanted: `fewer than the ${pods} pods that "${workload.name}" has at least` });
        }
      }
    },
  },
);
