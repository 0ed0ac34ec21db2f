import { describe, expect, it } from "vitest";
import { serviceEndpoints } from "./services.ts";

const ours = "sandbox-node-2";

/** An API server with one Service and the given slices. */
function api(ports: unknown, slices: unknown[]) {
  const asked: unknown[] = [];
  return {
    asked,
    client: {
      find: async <T>(path: string) =>
        (path === "/api/v1/namespaces/bi/services/superset" ? { spec: { ports } } : undefined) as T | undefined,
      request: async <T>(...call: unknown[]) => {
        asked.push(call);
        return { items: slices } as T;
      },
    },
  };
}

const endpoint = (ip: string, conditions: object = { ready: true }, nodeName: string | undefined = ours) => ({
  addresses: [ip],
  conditions,
  nodeName,
});

describe("endpoints of a Service", () => {
  it("are the ready pods on the node, with the target port that the slice has under the port's name", async () => {
    const { client, asked } = api(
      [
        { name: "http", port: 80, targetPort: "web" },
        { name: "metrics", port: 9090, targetPort: 9000 },
      ],
      [
        {
          ports: [
            { name: "metrics", port: 9000 },
            { name: "http", port: 8088 },
          ],
          endpoints: [
            endpoint("10.1.0.1"),
            endpoint("10.1.0.2", { ready: false }),
            endpoint("10.1.0.3", { ready: true }, "kwok-node"),
            endpoint("10.1.0.4", {}),
            { addresses: ["10.1.0.5"], conditions: { ready: true } },
          ],
        },
        { ports: [{ name: "http", port: 8089 }], endpoints: [endpoint("10.1.0.6"), endpoint("10.1.0.6")] },
        { ports: null, endpoints: null },
      ],
    );
    expect(await serviceEndpoints(client, "bi", "superset", 80, ours)).toEqual([
      { ip: "10.1.0.1", port: 8088 },
      { ip: "10.1.0.4", port: 8088 },
      { ip: "10.1.0.6", port: 8089 },
    ]);
    expect(asked).toEqual([
      [
        "GET",
        "/apis/discovery.k8s.io/v1/namespaces/bi/endpointslices",
        { query: { labelSelector: "kubernetes.io/service-name=superset" } },
      ],
    ]);
  });

  it("are found for a port without a name", async () => {
    const { client } = api([{ port: 80 }], [{ ports: [{ name: "", port: 8088 }], endpoints: [endpoint("10.1.0.1")] }]);
    expect(await serviceEndpoints(client, "bi", "superset", 80, ours)).toEqual([{ ip: "10.1.0.1", port: 8088 }]);
  });

  it("are none for another port, another Service or without slices", async () => {
    const { client } = api([{ port: 80 }], []);
    expect(await serviceEndpoints(client, "bi", "superset", 80, ours)).toEqual([]);
    expect(await serviceEndpoints(client, "bi", "superset", 81, ours)).toEqual([]);
    expect(await serviceEndpoints(client, "bi", "airflow", 80, ours)).toEqual([]);
  });
});
