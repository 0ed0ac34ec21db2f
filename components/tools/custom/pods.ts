import type * as pulumi from "@pulumi/pulumi";
import type { PodArgs } from "../../kubernetes/pod.ts";
import type { CustomSettings } from "./contract.ts";

/** Labels of an app's pods. */
export function appLabels(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/component": "app" };
}

/** The app's pod: no token, no secret, one writable folder. */
export function appPod(
  name: string,
  { image, port, health, resources, env }: CustomSettings,
  serviceAccountName: pulumi.Input<string>,
  configHash: string,
): PodArgs {
  const probe = health === undefined ? { tcpSocket: { port: "http" } } : { httpGet: { path: health, port: "http" } };
  return {
    labels: appLabels(name),
    serviceAccountName,
    image,
    env: { PORT: String(port), HOME: "/tmp", TMPDIR: "/tmp", ...env },
    ports: [{ name: "http", port }],
    probes: {
      startupProbe: { ...probe, periodSeconds: 5, failureThreshold: 60 },
      readinessProbe: { ...probe, periodSeconds: 10, timeoutSeconds: 5 },
      livenessProbe: { ...probe, periodSeconds: 20, timeoutSeconds: 10 },
    },
    resources,
    configHash,
  };
}
