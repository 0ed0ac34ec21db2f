import { checkDemands, type Demand, isTrue, isWord } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";

const demands: readonly Demand[] = [
  {
    at: "addonProfiles.azureKeyvaultSecretsProvider.enabled",
    holds: isTrue,
    wanted: "true",
    missing: "not set (off)",
  },
  {
    at: "addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation",
    holds: isWord("true"),
    wanted: '"true"',
    missing: "not set (mounted once, never renewed)",
  },
];

/** The cluster brings the driver that mounts a vault's secrets, and renews what it has mounted. */
export const aksVaultSecrets = resourceRule(
  {
    name: "aks-vault-secrets",
    title: "Clusters mount secrets from the vault, and renew them",
    what: "A cluster has the Key Vault add-on of the Secrets Store CSI driver, with rotation.",
    why: "Without the driver secrets are copied into the cluster by hand. Without rotation a pod keeps the old secret after a change in the vault, and fails on the day when the old one ends.",
    fix: 'Enable addonProfiles.azureKeyvaultSecretsProvider with `config: { enableSecretRotation: "true" }`.',
    severity: "medium",
    url: "https://learn.microsoft.com/azure/aks/csi-secrets-store-driver",
    mappings: [{ framework: "cis-aks", id: "4.5.2" }],
  },
  {
    types: ["azure-native:containerservice:ManagedCluster"],
    check({ props }, report) {
      checkDemands(props, demands, report);
    },
  },
);
