import type { Example } from "./example.ts";

/** Matches what `policyConfig` allows with `contoso.azurecr.io` as the registry. */
export const pinnedImage = `contoso.azurecr.io/reports:1.4.2@sha256:${"0123456789abcdef".repeat(4)}`;

const secureContainer = {
  name: "web",
  image: pinnedImage,
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};

/** A Deployment that meets every rule, but for what is changed in its container. */
export function deployment(container: Readonly<Record<string, unknown>> = {}): Example {
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
            securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
            containers: [{ ...secureContainer, ...container }],
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
  "pod-restricted": [
    deployment({
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, privileged: true },
    }),
  ],
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
      props: { apiVersion: "v1", kind: "Namespace", metadata: { name: "reports" } },
    },
    deployment(),
  ],
};
