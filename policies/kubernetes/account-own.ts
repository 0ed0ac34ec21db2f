import { isNotTrue } from "../core/demands.ts";
import { type Finding, resourceRule } from "../core/rule.ts";
import { known } from "../core/values.ts";
import { type Part, podSpec, workloadTypes } from "./pods.ts";

const account = "kubernetes:core:ServiceAccount";
const mounted = "automountServiceAccountToken";

function checkMount({ path, value }: Part, report: (finding: Finding) => void): void {
  const found = known(value, mounted);
  if (found.kind === "unknown" || (found.kind === "value" && isNotTrue(found.value))) return;
  const at = path === "" ? mounted : `${path}.${mounted}`;
  report({ at, found: found.kind === "absent" ? "not set (mounted)" : "true", wanted: "false" });
}

function checkAccount({ path, value }: Part, report: (finding: Finding) => void): void {
  const found = known(value, "serviceAccountName");
  if (found.kind === "unknown" || (found.kind === "value" && found.value !== "default" && found.value !== "")) return;
  report({
    at: `${path}.serviceAccountName`,
    found: found.kind === "absent" ? "not set (default)" : JSON.stringify(found.value),
    wanted: "a service account of the tool's own",
    fix: "Make a ServiceAccount for the tool, and name it here.",
  });
}

/** A pod has an identity of its own, and no token for the cluster's API that it did not ask for. */
export const accountOwn = resourceRule(
  {
    name: "account-own",
    title: "Pods have their own account, and no token by default",
    what: "A pod names a service account of its own, and no token of it is mounted by itself.",
    why: "The account is who a tool is: to the cluster, to the vault and to Entra. With a shared one every tool is every other; with a token in every pod a bug that reads files talks to the cluster.",
    fix: "Set `automountServiceAccountToken: false`, and project a token, with audience and time, where the pod needs one.",
    severity: "high",
    url: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    mappings: [
      { framework: "cis-kubernetes", id: "5.1.5" },
      { framework: "cis-kubernetes", id: "5.1.6" },
      { framework: "cis-aks", id: "4.1.5" },
      { framework: "cis-aks", id: "4.1.6" },
      { framework: "nsa", id: "C-0034" },
      { framework: "mcsb", id: "PV-2" },
    ],
  },
  {
    types: [account, ...workloadTypes],
    check(subject, report) {
      if (subject.type === account) {
        checkMount({ path: "", value: subject.props }, report);
        return;
      }
      const pod = podSpec(subject);
      if (!pod) return;
      checkAccount(pod, report);
      checkMount(pod, report);
    },
  },
);
