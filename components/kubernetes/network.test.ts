import { describe, expect, it } from "vitest";
import { runProgram } from "../testing/mocks.ts";
import { Namespace } from "./namespace.ts";
import { NetworkPolicies } from "./network-policies.ts";
import { allowFromGateway, allowPublicHttps, allowServer } from "./network-rules.ts";
import { Route, routeSpec } from "./route.ts";

const pods = { app: "tool" };
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

describe("NetworkPolicies", () => {
  it("denies everything but names and what is allowed", async () => {
    const run = await runProgram(() => {
      new NetworkPolicies("tool-network", {
        namespace: "tool",
        allow: { "allow-entra": allowPublicHttps(pods) },
        reach: {},
      });
    });
    expect(run.counts()).toEqual({ [POLICY]: 3 });
    expect(run.find(POLICY, "tool-network-default-deny").inputs).toMatchObject({
      metadata: { name: "default-deny", namespace: "tool" },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    });
    expect(run.find(POLICY, "tool-network-default-deny").inputs.spec).not.toHaveProperty("egress");
    expect(run.find(POLICY, "tool-network-allow-dns").inputs.spec).toMatchObject({
      podSelector: {},
      egress: [
        {
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
          ],
        },
      ],
    });
  });
});

describe("network rules", () => {
  it("reach the internet over HTTPS but no private address and no metadata service", () => {
    expect(allowPublicHttps(pods)).toEqual({
      podSelector: { matchLabels: pods },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              ipBlock: {
                cidr: "0.0.0.0/0",
                except: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"],
              },
            },
          ],
          ports: [{ protocol: "TCP", port: 443 }],
        },
      ],
    });
  });

  it.each([
    { host: "10.1.2.3", to: [{ ipBlock: { cidr: "10.1.2.3/32" } }] },
    {
      host: "postgres.data.svc.cluster.local",
      to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "data" } } }],
    },
    {
      host: "contoso.postgres.database.azure.com",
      to: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map((cidr) => ({ ipBlock: { cidr } })),
    },
  ])("reach the server $host on its port only", ({ host, to }) => {
    expect(allowServer(pods, host, 5432).egress).toEqual([{ to, ports: [{ protocol: "TCP", port: 5432 }] }]);
  });

  it("let the gateway's namespace in, on one port", () => {
    expect(allowFromGateway(pods, "gateway", 8088)).toEqual({
      podSelector: { matchLabels: pods },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateway" } } }],
          ports: [{ protocol: "TCP", port: 8088 }],
        },
      ],
    });
  });
});

describe("Route", () => {
  const args = {
    namespace: "tool",
    routeName: "tool",
    gateway: { name: "public", namespace: "gateway" },
    host: "tool.data.contoso.com",
    service: { name: "tool", port: 80 },
  };

  it("attaches to the gateway and says scheme and host itself", async () => {
    const run = await runProgram(() => {
      new Route("tool-route", args);
    });
    expect(run.find("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "tool-route").inputs).toMatchObject({
      metadata: { name: "tool", namespace: "tool" },
      spec: {
        parentRefs: [{ name: "public", namespace: "gateway" }],
        hostnames: ["tool.data.contoso.com"],
        rules: [
          {
            filters: [
              {
                type: "RequestHeaderModifier",
                requestHeaderModifier: {
                  set: [
                    { name: "X-Forwarded-Proto", value: "https" },
                    { name: "X-Forwarded-Host", value: "tool.data.contoso.com" },
                  ],
                  remove: expect.arrayContaining([
                    "Remote-User",
                    "X-Forwarded-User",
                    "X-Auth-Request-Email",
                    "X-Forwarded-Prefix",
                  ]),
                },
              },
              {
                type: "ResponseHeaderModifier",
                responseHeaderModifier: {
                  set: [{ name: "Strict-Transport-Security", value: expect.stringMatching(/^max-age=\d{8}/) }],
                },
              },
            ],
            backendRefs: [{ name: "tool", port: 80 }],
          },
        ],
      },
    });
  });

  it("removes no more headers than the Gateway API takes (16), and names a listener when told", () => {
    const spec = routeSpec({ ...args, gateway: { ...args.gateway, sectionName: "https" } });
    expect(spec.parentRefs).toEqual([{ name: "public", namespace: "gateway", sectionName: "https" }]);
    expect(spec.rules[0]?.filters[0]?.requestHeaderModifier?.remove.length).toBeLessThanOrEqual(16);
  });
});

describe("Namespace", () => {
  it("enforces the restricted Pod Security Standard in a pinned version", async () => {
    const run = await runProgram(() => {
      new Namespace("tool-namespace", { namespace: "tool" });
    });
    expect(run.find("kubernetes:core/v1:Namespace", "tool-namespace").inputs.metadata).toEqual({
      name: "tool",
      labels: {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "v1.36",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/audit-version": "v1.36",
        "pod-security.kubernetes.io/warn": "restricted",
        "pod-security.kubernetes.io/warn-version": "v1.36",
      },
    });
  });
});
