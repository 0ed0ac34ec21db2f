import { checkDemands, type Demand, isNotTrue, isTrue } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";
import { known } from "../core/values.ts";

const demands: readonly Demand[] = [
  {
    at: "oidcIssuerProfile.enabled",
    holds: isTrue,
    wanted: "true",
    missing: "not set (off before Kubernetes 1.34)",
  },
  {
    at: "securityProfile.workloadIdentity.enabled",
    holds: isTrue,
    wanted: "true",
    missing: "not set (off)",
  },
  {
    at: "podIdentityProfile.enabled",
    holds: isNotTrue,
    wanted: "false",
    fix: "Leave podIdentityProfile out: workload identity has replaced it.",
  },
  {
    at: "identity.type",
    holds: (value) => value !== "None",
    wanted: '"UserAssigned" or "SystemAssigned"',
    missing: "not set (a service principal with a secret)",
    fix: "Give the cluster a managed identity.",
  },
];

/** Pods and the cluster itself prove who they are without a stored secret. */
export const aksWorkloadIdentity = resourceRule(
  {
    name: "aks-workload-identity",
    title: "Clusters work without stored secrets",
    what: "A cluster has an OIDC issuer and workload identity, and a managed identity of its own.",
    why: "Without the issuer no service account can prove itself to Entra, and every tool needs a client secret. A cluster with a service principal stops growing and updating on the day when its secret ends.",
    fix: "Set oidcIssuerProfile.enabled and securityProfile.workloadIdentity.enabled to true, and an identity.",
    severity: "high",
    url: "https://learn.microsoft.com/azure/aks/workload-identity-overview",
  },
  {
    types: ["azure-native:containerservice:ManagedCluster"],
    check({ props }, report) {
      checkDemands(props, demands, report);
      const at = "servicePrincipalProfile.secret";
      if (known(props, at).kind === "absent") return;
      report({ at, found: "set (not shown)", wanted: "none", fix: "Give the cluster a managed identity." });
    },
  },
);
