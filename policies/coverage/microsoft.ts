import type { Chapter } from "./recommendation.ts";

const learn = "https://learn.microsoft.com/";

/** Controls of the Microsoft cloud security benchmark, as Microsoft's own initiative assigns them to such resources. */
const benchmark: Chapter = {
  title: "Controls of the benchmark",
  source: "mcsb",
  recommendations: [
    { id: "NS-1", asks: "Networks are segmented.", rules: ["nsg-no-open-ports"] },
    {
      id: "NS-2",
      asks: "Services are private.",
      rules: [
        "kv-doors-closed",
        "private-endpoints-complete",
        "aks-api-closed",
        "pg-private",
        "redis-closed",
        "storage-closed",
        "databricks-closed",
      ],
    },
    {
      id: "IM-1",
      asks: "One directory signs people and programs in.",
      rules: ["no-password-login", "pg-entra", "storage-closed"],
    },
    {
      id: "PA-7",
      asks: "Rights are as small as the work.",
      rules: ["app-permissions-minimal", "kv-guarded", "aks-entra-only", "roles-narrow"],
    },
    {
      id: "DP-3",
      asks: "What travels is encrypted.",
      rules: ["routes-behind-tls", "no-http-urls", "pg-tls", "redis-closed", "storage-closed"],
    },
    {
      id: "DP-6",
      asks: "Keys and secrets are managed through their life.",
      reason:
        "The program makes no keys. Client secrets rotate by the secret calendar, which `secret-pair` and `app-secret-lifetime` hold.",
    },
    { id: "DP-8", asks: "The store of secrets is safe.", rules: ["kv-guarded", "kv-doors-closed"] },
    { id: "LT-1", asks: "Threats are detected.", rules: ["aks-watched"] },
    { id: "LT-2", asks: "Threats to identities are detected.", rules: ["aks-watched"] },
    { id: "LT-3", asks: "Logs are written.", rules: ["diagnostics-kept", "databricks-closed"] },
    { id: "LT-6", asks: "Logs are kept.", rules: ["logs-last"] },
    {
      id: "PV-2",
      asks: "Safe settings are enforced.",
      rules: [
        "aks-watched",
        "image-pinned",
        "pod-restricted",
        "container-bounded",
        "account-own",
        "no-default-namespace",
      ],
    },
    { id: "BR-1", asks: "Backups are made by themselves.", rules: ["pg-recoverable"] },
    { id: "BR-2", asks: "Backups are protected.", rules: ["pg-recoverable"] },
  ],
};

/** What pages of Microsoft's documentation recommend, where no number of a catalogue says it. */
const pages: readonly Chapter[] = [
  {
    title: "App registrations and sign-in",
    source: "microsoft",
    recommendations: [
      { asks: "Redirect URIs use https.", url: `${learn}entra/identity-platform/reply-url`, rules: ["redirect-https"] },
      {
        asks: "Redirect URIs have no wildcards, and each belongs to the platform that redeems the code.",
        url: `${learn}entra/identity-platform/reply-url`,
        rules: ["redirect-exact", "redirect-one-platform"],
      },
      {
        asks: "Applications for one company take its people only.",
        url: `${learn}entra/identity-platform/single-and-multi-tenant-apps`,
        rules: ["app-single-tenant"],
      },
      {
        asks: "Single-page applications are public clients.",
        url: `${learn}entra/identity-platform/scenario-spa-app-registration`,
        rules: ["spa-xor-secret"],
      },
      {
        asks: "Workloads prove themselves by federation, not by secrets; where there are secrets, they are rotated without a gap.",
        url: `${learn}entra/workload-id/workload-identity-federation`,
        rules: ["fic-strict", "secret-pair"],
      },
      {
        asks: "Enterprise applications require assignment, to roles.",
        url: `${learn}entra/identity-platform/howto-add-app-roles-in-apps`,
        rules: ["sp-assignment-required", "no-default-access-role"],
      },
      {
        asks: "Applications use app roles where groups would be too many for a token.",
        url: `${learn}entra/identity-platform/optional-claims`,
        rules: ["no-group-claims"],
      },
      {
        asks: "Groups with privileges are protected from whoever manages other groups.",
        url: `${learn}entra/identity/role-based-access-control/groups-concept`,
        rules: ["admin-role-guarded", "privileged-not-nested", "ca-groups-protected"],
      },
    ],
  },
  {
    title: "Conditional Access",
    source: "microsoft",
    recommendations: [
      {
        asks: "Policies are tried in report-only first, and nobody is locked out.",
        url: `${learn}entra/identity/conditional-access/plan-conditional-access`,
        rules: ["ca-report-only-first", "ca-no-bare-all", "ca-excludes-break-glass", "ca-exclusion-has-fallback"],
      },
      {
        asks: "Policies reach what they are about: applications by client id, groups and people that exist.",
        url: `${learn}entra/identity/conditional-access/concept-conditional-access-cloud-apps`,
        rules: ["ca-has-target", "ca-references-exist", "ca-client-ids"],
      },
      {
        asks: "Guests have a second factor.",
        url: `${learn}entra/identity/conditional-access/policy-guests-mfa-strength`,
        rules: ["ca-guests-mfa"],
      },
      {
        asks: "Controls are combined so that none stands in for a stronger one.",
        url: `${learn}entra/identity/conditional-access/concept-conditional-access-grant`,
        rules: ["ca-operator-and", "ca-all-client-types", "ca-strength-xor-mfa", "ca-no-approved-app-grant"],
      },
      {
        asks: "Risk of the account and risk of the sign-in have policies of their own.",
        url: `${learn}entra/id-protection/howto-identity-protection-configure-risk-policies`,
        rules: ["ca-risk-separate"],
      },
    ],
  },
  {
    title: "Azure Kubernetes Service",
    source: "microsoft",
    recommendations: [
      {
        asks: "Clusters have the OIDC issuer and workload identity, and a managed identity.",
        url: `${learn}azure/aks/workload-identity-overview`,
        rules: ["aks-workload-identity"],
      },
      {
        asks: "Kubernetes and node images are upgraded by a channel.",
        url: `${learn}azure/aks/auto-upgrade-cluster`,
        rules: ["aks-upgrades"],
      },
      {
        asks: "System pods have a tainted pool of their own; pools span zones.",
        url: `${learn}azure/aks/use-system-pools`,
        rules: ["aks-pools-apart"],
      },
      {
        asks: "Nodes encrypt at the host.",
        url: `${learn}azure/aks/enable-host-encryption`,
        rules: ["aks-nodes-hardened"],
      },
      {
        asks: "Disruption budgets let upgrades pass.",
        url: `${learn}azure/aks/best-practices-app-cluster-reliability`,
        rules: ["disruption-allowed"],
      },
      {
        asks: "Egress is held to names.",
        url: `${learn}azure/aks/container-network-security-fqdn-filtering-concepts`,
        rules: ["egress-named"],
      },
      {
        asks: "Production has a tier with an SLA.",
        url: `${learn}azure/aks/free-standard-pricing-tiers`,
        reason: "A question of money, which the settings' `tier` answers and the environments' table shows.",
      },
      {
        asks: "Secrets in etcd are encrypted with a key of one's own.",
        url: `${learn}azure/aks/use-kms-etcd-encryption`,
        reason: "The tools' secrets are in the vault, not in etcd, which Azure encrypts with its own key.",
      },
    ],
  },
  {
    title: "Databases, caches and storage",
    source: "microsoft",
    recommendations: [
      {
        asks: "Caches sign in identities instead of keys.",
        url: `${learn}azure/redis/entra-for-authentication`,
        rules: ["redis-closed"],
        gap: "Switched off by this project's configuration: Celery and sessions know passwords only.",
      },
      {
        asks: "Database servers take no passwords.",
        url: `${learn}azure/postgresql/flexible-server/concepts-azure-ad-authentication`,
        rules: ["pg-entra"],
        gap: "Passwords are allowed by this project's configuration: the tools' drivers cannot renew a token.",
      },
      {
        asks: "Data is encrypted with keys of one's own.",
        url: `${learn}azure/postgresql/flexible-server/concepts-data-encryption`,
        reason:
          "Azure encrypts with its own keys. A key of one's own adds a way to lose everything, and is a choice of the company.",
      },
    ],
  },
  {
    title: "Network, names and subscription",
    source: "microsoft",
    recommendations: [
      {
        asks: "Subnets have no default way out.",
        url: `${learn}azure/virtual-network/ip-services/default-outbound-access`,
        rules: ["subnet-guarded"],
      },
      {
        asks: "Private endpoints are registered in the service's zone.",
        url: `${learn}azure/private-link/private-endpoint-dns`,
        rules: ["private-endpoints-complete"],
      },
      {
        asks: "Zones name their certificate authorities.",
        url: `${learn}azure/dns/dns-zones-records#caa-records`,
        rules: ["dns-caa"],
      },
      {
        asks: "Subscriptions have few owners, and roles are assigned where the work is.",
        url: `${learn}azure/role-based-access-control/best-practices`,
        rules: ["roles-narrow"],
      },
      {
        asks: "Defender's plans are on.",
        url: `${learn}azure/defender-for-cloud/defender-for-cloud-introduction`,
        reason: "A plan is the subscription's and costs by use; the cluster's part is `aks-watched`.",
      },
      {
        asks: "Subscriptions have a budget that warns.",
        url: `${learn}azure/cost-management-billing/costs/tutorial-acm-create-budgets`,
        reason: "The platform's settings make one. Its absence is no risk to data, so no rule stops a stack for it.",
      },
    ],
  },
];

export const microsoftChapters: readonly Chapter[] = [benchmark, ...pages];
