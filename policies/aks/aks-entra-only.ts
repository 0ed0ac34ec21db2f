import { checkDemands, type Demand, isTrue } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";

const demands: readonly Demand[] = [
  {
    at: "disableLocalAccounts",
    holds: isTrue,
    wanted: "true",
    missing: "not set (a certificate of an administrator can be fetched)",
    fix: "Set `disableLocalAccounts: true`; kubelogin signs people and pipelines in.",
  },
  {
    at: "enableRBAC",
    holds: (value) => value !== false,
    wanted: "true",
  },
  {
    at: "aadProfile.managed",
    holds: isTrue,
    wanted: "true",
    missing: "not set (no Entra)",
  },
  {
    at: "aadProfile.enableAzureRBAC",
    holds: isTrue,
    wanted: "true",
    missing: "not set (rights are written down in the cluster alone)",
  },
];

/** The cluster's API knows people of Entra only, and their rights are Azure roles. */
export const aksEntraOnly = resourceRule(
  {
    name: "aks-entra-only",
    title: "Clusters know people of Entra only",
    what: "A cluster has no local accounts, signs people in by Entra, and takes their rights from Azure roles.",
    why: "A local account is a certificate of an administrator that no Conditional Access, no leaver process and no sign-in log knows. Rights that are written down in the cluster alone are missing from every review.",
    fix: "Set disableLocalAccounts, aadProfile.managed and aadProfile.enableAzureRBAC to true.",
    severity: "critical",
    url: "https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad",
    mappings: [
      { framework: "cis-aks", id: "5.5.1" },
      { framework: "cis-aks", id: "5.5.2" },
      { framework: "mcsb", id: "PA-7" },
      { framework: "iso27001", id: "5.16" },
    ],
  },
  {
    types: ["azure-native:containerservice:ManagedCluster"],
    check({ props }, report) {
      checkDemands(props, demands, report);
    },
  },
);
