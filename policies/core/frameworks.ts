import type { PolicyComplianceFramework } from "@pulumi/policy";

/**
 * Published catalogues that rules refer to. Numbers move between editions, so each entry names its edition; catalogues
 * without one carry the year in which the identifiers were read.
 */
export const frameworks = {
  maester: { name: "Maester", version: "2026", reference: "https://maester.dev" },
  scuba: { name: "CISA SCuBA, Entra ID baseline", version: "2026", reference: "https://www.cisa.gov/scuba" },
  eidsca: { name: "EIDSCA", version: "2026", reference: "https://maester.dev" },
  "cis-m365": { name: "CIS Microsoft 365 Foundations", version: "7.0", reference: "https://www.cisecurity.org" },
  "cis-azure": { name: "CIS Microsoft Azure Foundations", version: "6.0", reference: "https://www.cisecurity.org" },
  "cis-azure-5": { name: "CIS Microsoft Azure Foundations", version: "5.0", reference: "https://www.cisecurity.org" },
  "cis-azure-3": { name: "CIS Microsoft Azure Foundations", version: "3.0", reference: "https://www.cisecurity.org" },
  "cis-aks": { name: "CIS Azure Kubernetes Service", version: "1.8", reference: "https://www.cisecurity.org" },
  "cis-kubernetes": { name: "CIS Kubernetes", version: "1.12", reference: "https://www.cisecurity.org" },
  pss: {
    name: "Kubernetes Pod Security Standards",
    version: "restricted",
    reference: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
  },
  nsa: {
    name: "NSA/CISA Kubernetes Hardening, as Kubescape's controls",
    version: "2026",
    reference: "https://kubescape.io",
  },
  mcsb: {
    name: "Microsoft cloud security benchmark",
    version: "1",
    reference: "https://learn.microsoft.com/security/benchmark/azure/",
  },
  soc2: { name: "SOC 2", version: "2026", reference: "https://www.aicpa-cima.com" },
  iso27001: { name: "ISO/IEC 27001, Annex A", version: "2022", reference: "https://www.iso.org/standard/27001" },
} as const;

export type FrameworkId = keyof typeof frameworks;

/** One requirement of a catalogue that a rule helps to meet. */
export interface Mapping {
  readonly framework: FrameworkId;
  readonly id: string;
  /** Where the catalogue asks for something else than the rule does, for example a longer period. */
  readonly note?: string;
}

/** The tag under which a requirement can be searched, for example `cis-m365@7.0:5.1.5.4`. */
export function mappingTag({ framework, id }: Mapping): string {
  return `${framework.replace(/-\d+$/, "")}@${frameworks[framework].version}:${id}`;
}

/** The SDK has room for one catalogue per rule: the first one. All of them are in the tags. */
export function complianceFramework(mappings: readonly Mapping[]): PolicyComplianceFramework | undefined {
  const first = mappings[0];
  if (!first) return undefined;
  const { name, version, reference } = frameworks[first.framework];
  const ids = mappings.filter((one) => one.framework === first.framework).map((one) => one.id);
  return { name, version, reference, specification: ids.join(", ") };
}
