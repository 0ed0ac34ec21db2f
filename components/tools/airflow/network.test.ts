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
    expect(
      Object.fromEntries(Object.values(reach).map((one) => [one.pods["app.kubernetes.io/component"], one.hosts])),
    ).toEqual({
      "api-server": ["login.microsoftonline.com", "acme.okta.com"],
      "dag-processor": dags,
      triggerer: dags,
      worker: dags,
    });
  });

  it("lets workers reach the API server and no database", () => {
    const { allow } = traffic();
    expect(allow["allow-database"]?.podSelector).toEqual({ matchLabels: { "entrada/database": "airflow" } });
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
    const names = (changes: Record<string, unknown>) => Object.keys(traffic(changes).allow).sort();
    const both = [
      "accept-server-to-triggerer",
      "accept-worker-to-server",
      "allow-database",
      "allow-gateway",
      "allow-server-to-triggerer",
      "allow-worker-to-server",
    ];
    expect(names({})).toEqual([...both, "allow-scheduler-cluster-api", "allow-server-cluster-api"].sort());
    expect(names(CELERY)).toEqual(
      [
        ...both,
        "accept-server-to-worker",
        "allow-server-to-worker",
        "allow-scheduler-redis",
        "allow-worker-redis",
      ].sort(),
    );
    expect(traffic().allow["allow-scheduler-cluster-api"]?.egress).toEqual([
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
        ports: [
          { protocol: "TCP", port: 443 },
          { protocol: "TCP", port: 6443 },
        ],
      },
    ]);
  });
});
