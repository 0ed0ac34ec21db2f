import { resourceRule } from "../core/rule.ts";
import { containers, podMetadata, podSpec, workloadTypes } from "./pods.ts";
import { checkAnnotations, checkContainer, checkPod } from "./restricted.ts";

/** Pods meet the restricted Pod Security Standard, checked before the cluster sees them. */
export const podRestricted = resourceRule(
  {
    name: "pod-restricted",
    title: "Pods meet the restricted standard",
    what: "Every pod meets the restricted Pod Security Standard, in all its containers.",
    why: "A pod with root, host access or extra capabilities is a short way from a bug in the tool to the node, and to every secret on it.",
    fix: "Set runAsNonRoot, seccompProfile RuntimeDefault, allowPrivilegeEscalation false and capabilities.drop [ALL], and leave the host's parts alone.",
    severity: "critical",
    url: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    mappings: [
      { framework: "pss", id: "restricted" },
      ...[
        "5.2.2",
        "5.2.3",
        "5.2.4",
        "5.2.5",
        "5.2.6",
        "5.2.7",
        "5.2.8",
        "5.2.9",
        "5.2.10",
        "5.2.12",
        "5.2.13",
        "5.7.2",
      ].map((id) => ({ framework: "cis-kubernetes", id }) as const),
      ...["4.2.1", "4.2.2", "4.2.3", "4.2.4", "4.2.5"].map((id) => ({ framework: "cis-aks", id }) as const),
      ...["C-0013", "C-0016", "C-0038", "C-0041", "C-0044", "C-0046", "C-0055", "C-0057"].map(
        (id) => ({ framework: "nsa", id }) as const,
      ),
      { framework: "mcsb", id: "PV-2" },
      ...["5.15", "8.2", "8.3"].map((id) => ({ framework: "iso27001", id }) as const),
    ],
  },
  {
    types: workloadTypes,
    check(subject, report) {
      const metadata = podMetadata(subject);
      if (metadata) checkAnnotations(metadata, report);
      const pod = podSpec(subject);
      if (!pod) return;
      checkPod(pod, report);
      for (const container of containers(pod)) checkContainer(pod, container, report);
    },
  },
);
