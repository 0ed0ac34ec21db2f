import { describe, expect, it } from "vitest";
import { airflowTraffic } from "./network.ts";
import { airflowSettings, CELERY } from "./tests/fixtures.ts";

const traffic = (changes: Record<string, unknown> = {}) =>
  airflowTraffic(airflowSettings(changes), {
    gatewayNamespace: "gateway",
    vaultName: "kv-dev",
    partnerHosts: ["acme.okta.com"],
  });
const pods = (component: string) => ({ "app.kubernetes.io/name": "airflow", "app.kubernetes.io/component": component });

describe("airflowTraffic", () => {
  it("names the hosts of each part: providers for sign-in, the vault and egress for DAG authors' code, none for the scheduler", () => {
    const { reach } = traffic({ egress: ["warehouse.contoso.com"] });
    const dags = ["login.microsoftonline.com", "kv-dev.vault.azure.net", "warehouse.contoso.com"];
    expect(reach).toMatchObject({
      "allow-entra": { pods: pods("api-server"), hosts: ["login.microsoftonline.com", "acme.okta.com"] },
      "allow-dag-processor-https": { pods: pods("dag-processor"), hosts: dags },
      "allow-triggerer-https": { pods: pods("triggerer"), hosts: dags },
      "allow-worker-https": { pods: pods("worker"), hosts: dags },
    });
    expect(JSON.stringify(reach)).not.toContain("scheduler");
  });

  it("lets workers reach the API server and no database", () => {
    const { allow, reach } = traffic();
    expect(reach["allow-database"]).toEqual({
      pods: { "entrada/database": "airflow" },
      hosts: ["contoso.postgres.database.azure.com"],
      port: 5432,
    });
    expect(allow["allow-worker-to-server"]).toEqual({
      podSelector: { matchLabels: pods("worker") },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [{ podSelector: { matchLabels: { ...pods("api-server"), "entrada/database": "airflow" } } }],
          ports: [{ protocol: "TCP", port: 8080 }],
        },
      ],
    });
    expect(allow["accept-worker-to-server"]).toMatchObject({
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: { matchLabels: pods("worker") } }] }],
    });
  });

  it("opens the cluster's API for the Kubernetes executor only, and Redis for Celery only", () => {
    expect(traffic().clusterApi).toEqual({
      "allow-scheduler-cluster-api": { ...pods("scheduler"), "entrada/database": "airflow" },
      "allow-server-cluster-api": { ...pods("api-server"), "entrada/database": "airflow" },
    });
    expect(Object.keys(traffic().reach).filter((name) => name.includes("redis"))).toEqual([]);
    const celery = traffic(CELERY);
    expect(celery.clusterApi).toBeUndefined();
    expect(Object.keys(celery.allow)).toEqual(
      expect.arrayContaining(["allow-server-to-worker", "accept-server-to-worker"]),
    );
    expect(celery.reach["allow-scheduler-redis"]).toMatchObject({
      hosts: ["contoso.redis.cache.windows.net"],
      port: 6380,
    });
    expect(celery.reach["allow-worker-redis"]).toMatchObject({ pods: pods("worker"), port: 6380 });
  });
});
