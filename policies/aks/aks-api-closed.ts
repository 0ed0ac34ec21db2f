import { checkDemands, isTrue } from "../core/demands.ts";
import { type Finding, resourceRule } from "../core/rule.ts";
import { elements, known } from "../core/values.ts";

const profile = "apiServerAccessProfile";
const ranges = `${profile}.authorizedIPRanges`;

/** A range that lets in a quarter of the internet or more is no restriction. */
function isOpen(range: unknown): boolean {
  const [, prefix] = String(range).split("/");
  return prefix !== undefined && Number(prefix) < 3;
}

function checkReach(props: unknown, report: (finding: Finding) => void): void {
  const isPrivate = known(props, `${profile}.enablePrivateCluster`);
  if (isPrivate.kind === "unknown" || (isPrivate.kind === "value" && isPrivate.value === true)) return;
  const named = elements(props, ranges);
  if (named.length === 0) {
    report({ at: ranges, found: "empty (every address)", wanted: "the company's addresses, or a private cluster" });
  }
  for (const { path, item } of named) {
    if (item.kind !== "value" || !isOpen(item.value)) continue;
    report({ at: path, found: `${JSON.stringify(item.value)} (every address)`, wanted: "the company's addresses" });
  }
}

/** The cluster's API answers the company's network or its addresses, and Azure's management is no way around it. */
export const aksApiClosed = resourceRule(
  {
    name: "aks-api-closed",
    title: "The cluster's API is closed to the internet",
    what: "A cluster is private or answers named addresses only, and runs no commands sent through Azure's management.",
    why: "The API of a cluster is where every hole of Kubernetes' control plane is tried first. `az aks command invoke` starts a pod with administrator's rights past the network and past the cluster's own sign-in.",
    fix: "Set apiServerAccessProfile.enablePrivateCluster, or authorizedIPRanges with the company's addresses, and disableRunCommand: true.",
    severity: "high",
    url: "https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
    mappings: [
      { framework: "cis-aks", id: "5.4.1" },
      { framework: "cis-aks", id: "5.4.2" },
      { framework: "mcsb", id: "NS-2" },
      { framework: "soc2", id: "CC6.1" },
    ],
  },
  {
    types: ["azure-native:containerservice:ManagedCluster"],
    check({ props }, report) {
      checkReach(props, report);
      const runCommand = {
        at: `${profile}.disableRunCommand`,
        holds: isTrue,
        wanted: "true",
        missing: "not set (commands are run)",
        fix: "Set `disableRunCommand: true`.",
      };
      checkDemands(props, [runCommand], report);
    },
  },
);
