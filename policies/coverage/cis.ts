import type { Chapter } from "./recommendation.ts";

const tenantWide =
  "A setting of the tenant, not of a stack: this program has no right to change it. Maester and SCuBA read it there.";
const calendar = "Secrets of tools are made by the secret calendar, whose windows `app-secret-lifetime` holds.";

/** What the CIS benchmarks ask of Azure's resources. */
const azure: readonly Chapter[] = [
  {
    title: "Databricks",
    source: "cis-azure",
    recommendations: [
      { id: "2.1.1", asks: "Workspaces run in the company's own virtual network.", rules: ["databricks-closed"] },
      {
        id: "2.1.4",
        asks: "Rights in the catalogue go to groups.",
        reason: "Grants come from the access matrix, which knows teams only; no settings key takes a person.",
      },
      { id: "2.1.6", asks: "Personal access tokens are off, or short.", rules: ["databricks-no-tokens"] },
      { id: "2.1.7", asks: "A workspace's diagnostic logs are kept.", rules: ["databricks-closed"] },
      { id: "2.1.9", asks: "Clusters have no public address.", rules: ["databricks-closed"] },
      {
        id: "2.1.10",
        asks: "Workspaces are reached without the public network.",
        reason:
          "People's browsers reach the workspace; `databricks-closed` asks for an IP access list in production instead.",
      },
    ],
  },
  {
    title: "Logs and locks",
    source: "cis-azure",
    recommendations: [
      { id: "6.1.1.4", asks: "Audit logs of key vaults are kept.", rules: ["diagnostics-kept"] },
      { id: "6.2", asks: "Resources that work depends on are locked.", rules: ["stateful-protected"] },
    ],
  },
  {
    title: "Network",
    source: "cis-azure",
    recommendations: [
      { id: "7.1", asks: "Remote desktop is not open to the internet.", rules: ["nsg-no-open-ports"] },
      {
        id: "7.4",
        asks: "Web ports are open to the internet only where they must be.",
        rules: ["nsg-no-open-ports"],
        gap: "Port 443 stays open: people come in there. Port 80 is nobody's in a stack of this program.",
      },
      { id: "7.11", asks: "Subnets have a network security group.", rules: ["subnet-guarded"] },
    ],
  },
  {
    title: "Key Vault",
    source: "cis-azure",
    recommendations: [
      {
        id: "8.3.1",
        asks: "Keys in vaults with role-based access have an end.",
        reason:
          "The program makes no keys. The state's key is pinned to its version, and an end would make the state unreadable.",
      },
      {
        id: "8.3.3",
        asks: "Secrets in vaults with role-based access have an end.",
        reason: `${calendar} Other values, such as a tool's own key for its database, have no end: to lose them is to lose the data.`,
      },
      { id: "8.3.5", asks: "Vaults have purge protection and soft delete.", rules: ["kv-guarded"] },
      { id: "8.3.6", asks: "Vaults use role-based access.", rules: ["kv-guarded"] },
      { id: "8.3.7", asks: "Vaults are closed to the public network.", rules: ["kv-doors-closed"] },
      { id: "8.3.8", asks: "Vaults are reached by private endpoints.", rules: ["private-endpoints-complete"] },
      { id: "8.3.9", asks: "Keys are rotated.", reason: "The program makes no keys; see 8.3.1." },
    ],
  },
  {
    title: "Storage",
    source: "cis-azure",
    recommendations: [
      { id: "9.2.1", asks: "Deleted blobs can be restored.", rules: ["storage-recoverable"] },
      { id: "9.2.2", asks: "Deleted containers can be restored.", rules: ["storage-recoverable"] },
      { id: "9.2.3", asks: "Blobs have versions.", rules: ["storage-recoverable"] },
      { id: "9.3.1.3", asks: "Shared keys are refused.", rules: ["storage-closed"] },
      { id: "9.3.2.2", asks: "The public network is refused.", rules: ["storage-closed"] },
      { id: "9.3.2.3", asks: "The network's default is to refuse.", rules: ["storage-closed"] },
      { id: "9.3.4", asks: "Only https is taken.", rules: ["storage-closed"] },
      { id: "9.3.6", asks: "TLS 1.2 is the least.", rules: ["storage-closed"] },
      { id: "9.3.8", asks: "No container can be opened to everybody.", rules: ["storage-closed"] },
      {
        id: "9.3.9",
        asks: "Accounts have a lock.",
        rules: ["stateful-protected"],
        gap: "Asked for where the stack makes locks; the account of the state is no part of the stack.",
      },
    ],
  },
  {
    title: "PostgreSQL, of which later editions say nothing",
    source: "cis-azure-3",
    recommendations: [
      { id: "5.2.1", asks: "Connections need TLS.", rules: ["pg-tls"] },
      ...(
        [
          ["5.2.2", "Checkpoints are logged."],
          ["5.2.3", "Failed sign-ins slow down the next."],
          ["5.2.4", "Log files are kept on the server."],
        ] as const
      ).map(([id, asks]) => ({
        id,
        asks,
        reason:
          "A parameter that is not set is no resource of the stack. The logs go to the workspace, which `diagnostics-kept` asks for.",
      })),
      { id: "5.2.5", asks: "No firewall rule lets in all of Azure.", rules: ["pg-private"] },
    ],
  },
  {
    title: "Conditional Access, in its last edition for Azure",
    source: "cis-azure-5",
    recommendations: [
      { id: "5.12", asks: "People cannot consent to applications.", rules: ["consent-minimal"], gap: tenantWide },
      {
        id: "5.2.2",
        asks: "Sign-ins from other countries are blocked.",
        reason:
          "`conditionalAccess.countries` makes such a policy. A company that works everywhere has none, so no rule demands it.",
      },
      { id: "5.2.4", asks: "Everybody has a second factor.", rules: ["ca-mfa-every-tool"] },
      {
        id: "5.2.5",
        asks: "Risky sign-ins have a second factor.",
        reason:
          "Needs P2 licences. The settings' baseline has the policy, and what a tenant switches off stands there with its reason.",
      },
    ],
  },
];

/** What the CIS benchmarks ask of clusters and of what runs in them. */
const clusters: readonly Chapter[] = [
  {
    title: "Azure Kubernetes Service",
    source: "cis-aks",
    recommendations: [
      { id: "2.1.1", asks: "Audit logs of the control plane are kept.", rules: ["diagnostics-kept"] },
      ...["4.1.5", "4.1.6"].map((id) => ({
        id,
        asks:
          id === "4.1.5" ? "Default service accounts are not used." : "Tokens are mounted only where they are needed.",
        rules: ["account-own"],
      })),
      ...(
        [
          ["4.2.1", "No privileged containers."],
          ["4.2.2", "No host process ids."],
          ["4.2.3", "No host IPC."],
          ["4.2.4", "No host network."],
          ["4.2.5", "No privilege escalation."],
        ] as const
      ).map(([id, asks]) => ({ id, asks, rules: ["pod-restricted"] })),
      { id: "4.4.2", asks: "Namespaces have network policies.", rules: ["network-default-deny"] },
      { id: "4.5.1", asks: "Secrets are files, not environment variables.", rules: ["no-secret-value"] },
      { id: "4.5.2", asks: "Secrets are kept outside the cluster.", rules: ["aks-vault-secrets"] },
      { id: "4.6.3", asks: "The default namespace is not used.", rules: ["no-default-namespace"] },
      { id: "5.1.4", asks: "Images come from registries that are allowed.", rules: ["image-pinned"] },
      { id: "5.4.1", asks: "The API server answers few addresses.", rules: ["aks-api-closed"] },
      {
        id: "5.4.2",
        asks: "The API server is private.",
        rules: ["aks-api-closed"],
        gap: "Named public ranges will do.",
      },
      { id: "5.4.3", asks: "Nodes are private.", rules: ["aks-nodes-hardened"] },
      { id: "5.4.4", asks: "Network policies are enforced.", rules: ["aks-network-policy"] },
      { id: "5.4.5", asks: "Traffic to web tools is encrypted.", rules: ["routes-behind-tls"] },
      { id: "5.5.1", asks: "People sign in with Entra.", rules: ["aks-entra-only"] },
      { id: "5.5.2", asks: "Rights come from Azure's roles.", rules: ["aks-entra-only"] },
    ],
  },
  {
    title: "Kubernetes: rights and workloads",
    source: "cis-kubernetes",
    recommendations: [
      { id: "5.1.1", asks: "Nobody has cluster-admin without need.", rules: ["rbac-least"] },
      { id: "5.1.2", asks: "Few may read secrets.", rules: ["rbac-least"] },
      { id: "5.1.3", asks: "Roles have no stars.", rules: ["rbac-least"] },
      {
        id: "5.1.4",
        asks: "Few may create pods.",
        reason:
          "Airflow's Kubernetes executor creates its tasks' pods. It may do so in its own namespace, which refuses what is not restricted.",
      },
      { id: "5.1.5", asks: "Default service accounts are not used.", rules: ["account-own"] },
      { id: "5.1.6", asks: "Tokens are mounted only where they are needed.", rules: ["account-own"] },
      { id: "5.1.7", asks: "system:masters is not used.", rules: ["rbac-least"] },
      { id: "5.1.8", asks: "Bind, impersonate and escalate are rare.", rules: ["rbac-least"] },
      { id: "5.2.1", asks: "The cluster refuses unsafe pods by itself.", rules: ["namespace-restricted"] },
      ...(
        [
          ["5.2.2", "No privileged containers."],
          ["5.2.3", "No host process ids."],
          ["5.2.4", "No host IPC."],
          ["5.2.5", "No host network."],
          ["5.2.6", "No privilege escalation."],
          ["5.2.7", "No root."],
          ["5.2.8", "No NET_RAW."],
          ["5.2.9", "No added capabilities."],
          ["5.2.10", "All capabilities are dropped."],
          ["5.2.12", "No host paths."],
          ["5.2.13", "No host ports."],
        ] as const
      ).map(([id, asks]) => ({ id, asks, rules: ["pod-restricted"] })),
      { id: "5.3.2", asks: "Namespaces have network policies.", rules: ["network-default-deny"] },
      { id: "5.4.1", asks: "Secrets are files, not environment variables.", rules: ["no-secret-value"] },
      {
        id: "5.4.2",
        asks: "Secrets are kept outside the cluster.",
        reason:
          "The tools' secrets come from the vault by the CSI driver (`aks-vault-secrets`). A few programs take a Kubernetes Secret only, so its kind alone tells nothing.",
      },
      { id: "5.7.2", asks: "Pods have a seccomp profile.", rules: ["pod-restricted"] },
      { id: "5.7.4", asks: "The default namespace is not used.", rules: ["no-default-namespace"] },
    ],
  },
];

/** What the CIS benchmark for Microsoft 365 asks of sign-ins and applications. */
const identity: readonly Chapter[] = [
  {
    title: "Applications",
    source: "cis-m365",
    recommendations: [
      {
        id: "1.1.2",
        asks: "There are two break-glass accounts.",
        rules: ["ca-excludes-break-glass"],
        gap: "That they exist is the tenant's matter.",
      },
      { id: "5.1.5.1", asks: "People cannot consent to applications.", rules: ["consent-minimal"], gap: tenantWide },
      {
        id: "5.1.5.3",
        asks: "Applications have no client secrets.",
        reason:
          "Superset, Airflow and the proxy have none. Metabase Pro and OpenMetadata's confidential client know no other way; `secret-pair` and `app-secret-lifetime` hold theirs.",
      },
      { id: "5.1.5.4", asks: "Client secrets end within 180 days.", rules: ["app-secret-lifetime"] },
      { id: "5.1.5.6", asks: "Certificates of applications end within 180 days.", reason: "The program makes none." },
    ],
  },
  {
    title: "Conditional Access and methods",
    source: "cis-m365",
    recommendations: [
      { id: "5.2.2.2", asks: "Everybody has a second factor.", rules: ["ca-mfa-every-tool"] },
      { id: "5.2.2.3", asks: "Legacy clients are blocked.", rules: ["ca-block-legacy"] },
      {
        id: "5.2.2.4",
        asks: "Administrators sign in often, and no browser stays signed in.",
        rules: ["ca-session-bounded", "session-bounded"],
      },
      { id: "5.2.2.5", asks: "Administrators use what phishing cannot take.", rules: ["ca-admins-phishing-resistant"] },
      ...["5.2.2.6", "5.2.2.7", "5.2.2.8"].map((id) => ({
        id,
        asks: "Risky accounts and sign-ins are challenged or blocked.",
        reason:
          "Needs P2 licences. The settings' baseline has the policies, and what a tenant switches off stands there with its reason.",
      })),
      {
        id: "5.2.2.9",
        asks: "Devices are managed.",
        reason: "Needs Intune for every device. `conditionalAccess` can demand it; a company without Intune cannot.",
      },
      {
        id: "5.2.2.12",
        asks: "Device code sign-in is blocked.",
        reason: "The settings' baseline has the policy, and what a tenant switches off stands there with its reason.",
      },
      { id: "5.2.2.13", asks: "Sign-ins are asked for again.", rules: ["ca-session-bounded"] },
      { id: "5.2.2.14", asks: "Trusted places are narrow.", rules: ["ca-trusted-locations"] },
      {
        id: "5.2.2.15",
        asks: "Sign-ins from other countries are blocked.",
        reason:
          "`conditionalAccess.countries` makes such a policy. A company that works everywhere has none, so no rule demands it.",
      },
      {
        id: "5.2.2.17",
        asks: "Sign-ins are not carried over to another device.",
        reason: "The settings' baseline has the policy, and what a tenant switches off stands there with its reason.",
      },
      { id: "5.2.3.5", asks: "Weak methods are off.", reason: tenantWide },
      {
        id: "5.3.1",
        asks: "Directory roles are held for a while only.",
        reason: "The program gives nobody a directory role.",
      },
      {
        id: "5.3.2",
        asks: "Guests are reviewed.",
        reason: "The access report lists guests and what they reach; the review itself is Entra's.",
      },
    ],
  },
];

export const cisChapters: readonly Chapter[] = [...azure, ...clusters, ...identity];
