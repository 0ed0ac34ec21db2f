import { describe, expect, it } from "vitest";
import { runProgram } from "../testing/mocks.ts";
import { jobSpec, OneTimeJob } from "./one-time-job.ts";
import { type PodArgs, podTemplate } from "./pod.ts";
import { deploymentSpec, Workload, type WorkloadArgs } from "./workload.ts";

const pod: PodArgs = {
  labels: { "app.kubernetes.io/name": "tool" },
  serviceAccountName: "tool",
  image: "contoso.azurecr.io/tool:1.0.0",
  env: { PLAIN: "value" },
  resources: { cpu: "100m", memory: "256Mi" },
  configHash: "0123456789abcdef",
};

const workload: WorkloadArgs = { namespace: "tool", workloadName: "tool-web", pod, scale: { min: 2, max: 4 } };

const create = (changes: Partial<WorkloadArgs> = {}) =>
  runProgram(() => {
    new Workload("tool-web", { ...workload, ...changes });
  });

describe("podTemplate", () => {
  it("is restricted, read-only but for /tmp, and holds no token", () => {
    expect(podTemplate(pod)).toEqual({
      metadata: {
        labels: { "app.kubernetes.io/name": "tool" },
        annotations: { "entrada/config-hash": "0123456789abcdef" },
      },
      spec: {
        serviceAccountName: "tool",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1000,
          runAsGroup: 1000,
          fsGroup: 1000,
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            name: "main",
            image: "contoso.azurecr.io/tool:1.0.0",
            env: [{ name: "PLAIN", value: "value" }],
            resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "256Mi" } },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              privileged: false,
              capabilities: { drop: ["ALL"] },
            },
            volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
          },
        ],
        volumes: [{ name: "tmp", emptyDir: { sizeLimit: "1Gi" } }],
      },
    });
  });

  it("projects a short token for Entra alone where the pod signs people in", () => {
    const template = podTemplate({ ...pod, federation: { clientId: "client", tenantId: "tenant" } });
    expect(template).toMatchObject({
      metadata: { labels: { "azure.workload.identity/use": "true" } },
      spec: {
        automountServiceAccountToken: false,
        volumes: [
          { name: "tmp" },
          {
            name: "azure-identity-token",
            projected: {
              sources: [
                {
                  serviceAccountToken: {
                    audience: "api://AzureADTokenExchange",
                    expirationSeconds: 3600,
                    path: "azure-identity-token",
                  },
                },
              ],
            },
          },
        ],
        containers: [
          {
            env: [
              { name: "PLAIN", value: "value" },
              { name: "AZURE_CLIENT_ID", value: "client" },
              { name: "AZURE_TENANT_ID", value: "tenant" },
              { name: "AZURE_AUTHORITY_HOST", value: "https://login.microsoftonline.com/" },
              { name: "AZURE_FEDERATED_TOKEN_FILE", value: "/var/run/secrets/azure/tokens/azure-identity-token" },
            ],
          },
        ],
      },
    });
  });
});

describe("Workload", () => {
  it("leaves the number of pods to the autoscaler and keeps one pod up", async () => {
    const run = await create({ service: { serviceName: "tool", port: 80, targetPort: 8080 } });
    expect(run.counts()).toEqual({
      "kubernetes:apps/v1:Deployment": 1,
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": 1,
      "kubernetes:policy/v1:PodDisruptionBudget": 1,
      "kubernetes:core/v1:Service": 1,
    });
    const deployment = run.find("kubernetes:apps/v1:Deployment", "tool-web").inputs;
    expect(deployment).toMatchObject({ metadata: { name: "tool-web", namespace: "tool" } });
    expect(deployment.spec).not.toHaveProperty("replicas");
    expect(run.find("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "tool-web-scale").inputs.spec).toMatchObject({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "tool-web" },
      minReplicas: 2,
      maxReplicas: 4,
    });
    expect(run.find("kubernetes:policy/v1:PodDisruptionBudget", "tool-web-budget").inputs.spec).toMatchObject({
      minAvailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
  });

  it("has no disruption budget with one pod, and no autoscaler with a fixed number", async () => {
    const run = await create({ scale: { min: 1, max: 1 } });
    expect(run.counts()).toEqual({ "kubernetes:apps/v1:Deployment": 1 });
    expect(deploymentSpec({ ...workload, scale: { min: 3, max: 3 } }).replicas).toBe(3);
  });

  it("prefers other zones and nodes, and never runs two of a singleton", () => {
    expect(deploymentSpec({ ...workload, singleton: true }).strategy).toEqual({ type: "Recreate" });
    expect(deploymentSpec(workload)).toMatchObject({
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        spec: {
          topologySpreadConstraints: [
            { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 1 },
            { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 1 },
          ],
        },
      },
    });
  });
});

describe("OneTimeJob", () => {
  it("is another Job after a change of what it reads", async () => {
    const run = await runProgram(() => {
      new OneTimeJob("tool-migrate", { namespace: "tool", jobName: "tool-migrate", pod });
    });
    expect(run.find("kubernetes:batch/v1:Job", "tool-migrate").inputs).toMatchObject({
      metadata: { name: "tool-migrate-01234567", namespace: "tool" },
      spec: { backoffLimit: 3, activeDeadlineSeconds: 900, template: { spec: { restartPolicy: "Never" } } },
    });
    expect(jobSpec({ namespace: "tool", jobName: "tool", pod })).not.toHaveProperty("ttlSecondsAfterFinished");
  });
});
