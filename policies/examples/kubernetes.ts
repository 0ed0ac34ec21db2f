import type { Example } from "./example.ts";

/** Matches what `policyConfig` allows with `contoso.azurecr.io` as the registry. */
export const pinnedImage = `contoso.azurecr.io/reports:1.4.2@sha256:${"0123456789abcdef".repeat(4)}`;

const securityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

const secureContainer = {
  name: "web",
  image: pinnedImage,
  resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "512Mi" } },
  securityContext,
};

/** A Deployment that meets every rule, but for what is changed in its container and its pod. */
export function deployment(
  container: Readonly<Record<string, unknown>> = {},
  pod: Readonly<Record<string, unknown>> = {},
): Example {
  const labels = { app: "reports" };
  return {
    type: "kubernetes:apps/v1:Deployment",
    name: "reports",
    props: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "reports", namespace: "reports" },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: "reports",
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
            containers: [{ ...secureContainer, ...container }],
            ...pod,
          },
        },
      },
    },
  };
}

/** A ConfigMap with one file. */
export function configFile(name: string, content: string, namespace = "reports"): Example {
  return {
    type: "kubernetes:core/v1:ConfigMap",
    name: "settings",
    props: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings", namespace },
      data: { [name]: content },
    },
  };
}

/** Registrations that break exactly one of the Kubernetes rules each. */
export const kubernetesExamples: Readonly<Record<string, readonly Example[]>> = {
  "image-pinned": [deployment({ image: "contoso.azurecr.io/reports:latest" })],
  "pod-restricted": [deployment({ securityContext: { ...securityContext, privileged: true } })],
  "no-secret-value": [
    configFile("settings.ini", "database = postgresql://reports:not-a-real-password@db.contoso.com/reports\n"),
  ],
  "no-http-urls": [configFile("settings.ini", "url = http://reports.contoso.com\n")],
  "routes-behind-tls": [
    {
      type: "kubernetes:core/v1:Service",
      name: "reports",
      props: {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "reports", namespace: "reports" },
        spec: { type: "LoadBalancer", selector: { app: "reports" }, ports: [{ port: 80 }] },
      },
    },
  ],
  "egress-named": [
    {
      type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      name: "allow-internet",
      props: {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "allow-internet", namespace: "reports" },
        spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }] },
      },
    },
  ],
  "network-default-deny": [
    {
      type: "kubernetes:core/v1:Namespace",
      name: "reports-namespace",
      props: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "reports", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
      },
    },
    deployment(),
  ],
  "container-bounded": [deployment({ resources: { limits: { memory: "512Mi" } } })],
  "account-own": [deployment({}, { serviceAccountName: undefined })],
  "no-default-namespace": [
    {
      type: "kubernetes:core/v1:ServiceAccount",
      name: "reports-account",
      props: {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: "reports", namespace: "default" },
        automountServiceAccountToken: false,
      },
    },
  ],
  "namespace-restricted": [
    {
      type: "kubernetes:core/v1:Namespace",
      name: "reports-namespace",
      props: { apiVersion: "v1", kind: "Namespace", metadata: { name: "reports" } },
    },
  ],
  "rbac-least": [
    {
      type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
      name: "reports-role",
      props: {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { name: "reports", namespace: "reports" },
        rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] }],
      },
    },
  ],
  "disruption-allowed": [
    {
      type: "kubernetes:policy/v1:PodDisruptionBudget",
      name: "reports-budget",
      props: {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { name: "reports", namespace: "reports" },
        spec: { maxUnavailable: 0, selector: { matchLabels: { app: "reports" } } },
      },
    },
  ],
};
