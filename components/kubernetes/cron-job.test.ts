import { describe, expect, it } from "vitest";
import { runProgram } from "../testing/mocks.ts";
import { CronJob, type CronJobArgs, cronJobSpec } from "./cron-job.ts";
import { INTERVALS } from "./intervals.ts";
import { podTemplate } from "./pod.ts";

const args: CronJobArgs = {
  namespace: "tool",
  jobName: "tool-clean",
  every: "10m",
  pod: {
    labels: { "app.kubernetes.io/name": "tool" },
    serviceAccountName: "tool",
    image: "contoso.azurecr.io/python:3.12.11",
    resources: { cpu: "50m", memory: "128Mi" },
    configHash: "0123456789abcdef",
  },
};

describe("CronJob", () => {
  it("runs the pod at its times, one at a time, without a retry of its own", async () => {
    const run = await runProgram(() => {
      new CronJob("tool-clean", args);
    });
    expect(run.counts()).toEqual({ "kubernetes:batch/v1:CronJob": 1 });
    expect(run.find("kubernetes:batch/v1:CronJob", "tool-clean").inputs).toMatchObject({
      metadata: { name: "tool-clean", namespace: "tool", labels: { "app.kubernetes.io/name": "tool" } },
      spec: {
        schedule: "*/10 * * * *",
        timeZone: "Etc/UTC",
        concurrencyPolicy: "Forbid",
        startingDeadlineSeconds: 120,
        jobTemplate: { spec: { backoffLimit: 0, activeDeadlineSeconds: 300 } },
      },
    });
    expect(cronJobSpec(args).jobTemplate).toMatchObject({
      spec: { template: podTemplate(args.pod, { restartPolicy: "Never" }) },
    });
  });

  it("keeps the same time between runs across the hour", () => {
    const minutes = INTERVALS.map((every) => (every === "1h" ? 60 : Number.parseInt(every, 10)));
    expect(minutes.every((step) => 60 % step === 0)).toBe(true);
    expect(INTERVALS.map((every) => cronJobSpec({ ...args, every }).schedule)).toEqual([
      "*/5 * * * *",
      "*/10 * * * *",
      "*/15 * * * *",
      "*/20 * * * *",
      "*/30 * * * *",
      "0 * * * *",
    ]);
  });
});

describe("podTemplate with what jobs need", () => {
  const sidecar = { name: "server", image: "contoso.azurecr.io/server:1.0.0", resources: { cpu: "1", memory: "1Gi" } };

  it("runs a sidecar before and beside the main container, as restricted as that, without tokens", () => {
    const { spec } = podTemplate({
      ...args.pod,
      env: { OWN: "main" },
      sidecars: [{ ...sidecar, env: { OWN: "sidecar" } }],
      federation: { clientId: "client", tenantId: "tenant" },
      clusterToken: true,
      files: [{ name: "config", configMap: "tool-config", mountPath: "/etc/tool" }],
    });
    const { containers } = spec as unknown as {
      containers: [{ securityContext: object; volumeMounts: { name: string }[] }];
    };
    const [main] = containers;
    expect((spec as unknown as { initContainers: unknown[] }).initContainers).toEqual([
      {
        name: "server",
        restartPolicy: "Always",
        image: "contoso.azurecr.io/server:1.0.0",
        env: [{ name: "OWN", value: "sidecar" }],
        resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } },
        securityContext: main.securityContext,
        volumeMounts: [
          { name: "tmp", mountPath: "/tmp" },
          { name: "config", mountPath: "/etc/tool", readOnly: true },
        ],
      },
    ]);
    expect(main.volumeMounts.map(({ name }) => name)).toEqual([
      "tmp",
      "config",
      "azure-identity-token",
      "cluster-token",
    ]);
  });

  it("gives a token for the cluster's API only where asked for, and never by itself", () => {
    const without = podTemplate(args.pod);
    expect(JSON.stringify(without)).not.toContain("serviceAccountToken");
    expect(without.spec).not.toHaveProperty("initContainers");
    const template = podTemplate({ ...args.pod, clusterToken: true });
    expect(template.spec).toMatchObject({
      automountServiceAccountToken: false,
      containers: [
        {
          volumeMounts: [
            { name: "tmp" },
            {
              name: "cluster-token",
              mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
              readOnly: true,
            },
          ],
        },
      ],
      volumes: [
        { name: "tmp" },
        {
          name: "cluster-token",
          projected: {
            sources: [
              { serviceAccountToken: { expirationSeconds: 3600, path: "token" } },
              { configMap: { name: "kube-root-ca.crt" } },
              { downwardAPI: { items: [{ path: "namespace" }] } },
            ],
          },
        },
      ],
    });
  });
});
