import { describe, expect, it } from "vitest";
import { type Run, runProgram } from "../testing/mocks.ts";
import { Namespace } from "./namespace.ts";
import { NetworkPolicies, type NetworkPoliciesArgs } from "./network-policies.ts";
import { allowFromGateway, allowHosts } from "./network-rules.ts";
import { Route, routeSpec } from "./route.ts";

const pods = { app: "tool" };
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const CILIUM = "kubernetes:cilium.io/v2:CiliumNetworkPolicy";

describe("NetworkPolicies", () => {
  const create = (args: Omit<NetworkPoliciesArgs, "namespace">) =>
    runProgram(() => {
      new NetworkPolicies("tool-network", { namespace: "tool", ...args });
    });
  const reach = {
    "allow-entra": { pods, hosts: ["login.microsoftonline.com", "graph.microsoft.com", "login.microsoftonline.com"] },
    "allow-database": { pods: {}, hosts: ["contoso.postgres.database.azure.com"], port: 5432 },
  };
  const specOf = (run: Run, type: string, policy: string) =>
    run.find(type, `tool-network-${policy}`).inputs.spec as Record<string, unknown>;

  it("deny everything but names and what is allowed, each policy under its own name", async () => {
    const run = await create({ egress: "names", allow: { "allow-gateway": allowFromGateway(pods, "g", 80) }, reach });
    expect(run.counts()).toEqual({ [POLICY]: 2, [CILIUM]: 3 });
    expect(run.find(POLICY, "tool-network-default-deny").inputs).toMatchObject({
      metadata: { name: "default-deny", namespace: "tool" },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    });
    expect(specOf(run, POLICY, "default-deny")).not.toHaveProperty("egress");
    expect(run.find(CILIUM, "tool-network-allow-entra").inputs).toMatchObject({
      apiVersion: "cilium.io/v2",
      kind: "CiliumNetworkPolicy",
      metadata: { name: "allow-entra", namespace: "tool" },
    });
  });

  it("by names, open exactly the hosts, on one port, and only their names at the cluster's DNS", async () => {
    const run = await create({ egress: "names", allow: {}, reach });
    const dns = (policy: string) => {
      const [asked] = specOf(run, CILIUM, policy).egress as [{ toPorts: [{ rules: { dns: unknown[] } }] }];
      return asked.toPorts[0].rules.dns;
    };
    const dnsServer = {
      toEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", "k8s:k8s-app": "kube-dns" } }],
      toPorts: [
        {
          ports: [
            { port: "53", protocol: "UDP" },
            { port: "53", protocol: "TCP" },
          ],
          rules: { dns: expect.any(Array) },
        },
      ],
    };
    expect(specOf(run, CILIUM, "allow-entra")).toEqual({
      endpointSelector: { matchLabels: pods },
      egress: [
        dnsServer,
        {
          toFQDNs: [{ matchName: "login.microsoftonline.com" }, { matchName: "graph.microsoft.com" }],
          toPorts: [{ ports: [{ port: "443", protocol: "TCP" }] }],
        },
      ],
    });
    expect(specOf(run, CILIUM, "allow-database")).toEqual({
      endpointSelector: {},
      egress: [
        dnsServer,
        {
          toFQDNs: [{ matchName: "contoso.postgres.database.azure.com" }],
          toPorts: [{ ports: [{ port: "5432", protocol: "TCP" }] }],
        },
      ],
    });
    expect(dns("allow-database")).toEqual([
      { matchName: "contoso.postgres.database.azure.com" },
      { matchPattern: "contoso.postgres.database.azure.com.*.*.internal.cloudapp.net" },
      { matchPattern: "contoso.postgres.database.azure.com.reddog.microsoft.com" },
    ]);
    expect(specOf(run, CILIUM, "allow-dns")).toEqual({ endpointSelector: {}, egress: [dnsServer] });
    expect(JSON.stringify(run.resources)).not.toContain("0.0.0.0/0");
  });

  it("open the cluster's own API by what it is, or by its ports where addresses are all there is", async () => {
    const clusterApi = { "allow-cluster-api": pods };
    const byName = await create({ egress: "names", allow: {}, reach: {}, clusterApi });
    expect(specOf(byName, CILIUM, "allow-cluster-api")).toEqual({
      endpointSelector: { matchLabels: pods },
      egress: [
        {
          toEntities: ["kube-apiserver"],
          toPorts: [
            {
              ports: [
                { port: "443", protocol: "TCP" },
                { port: "6443", protocol: "TCP" },
              ],
            },
          ],
        },
      ],
    });
    const byAddress = await create({ egress: "addresses", allow: {}, reach: {}, clusterApi });
    expect(specOf(byAddress, POLICY, "allow-cluster-api")).toEqual({
      podSelector: { matchLabels: pods },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
          ports: [{ protocol: "TCP", port: 443 }],
        },
      ],
    });
  });

  it("by names, let every step of a search list through and no other name", async () => {
    const run = await create({ egress: "names", allow: {}, reach });
    const asked = (policy: string) => {
      const [rule] = specOf(run, CILIUM, policy).egress as [
        { toPorts: [{ rules: { dns: Record<string, string>[] } }] },
      ];
      return rule.toPorts[0].rules.dns;
    };
    // As Cilium reads patterns (pkg/fqdn/matchpattern): a star is any number of a label's characters, never a dot.
    const patterns = ["allow-dns", "allow-entra", "allow-database"]
      .flatMap(asked)
      .map(({ matchName, matchPattern }) => matchName ?? matchPattern ?? "")
      .map((text) => new RegExp(`^${text.replaceAll(".", "[.]").replaceAll("*", "[-a-zA-Z0-9_]*")}$`));
    const allowed = (name: string) => patterns.some((pattern) => pattern.test(name));
    const search = ["tool.svc.cluster.local", "svc.cluster.local", "cluster.local", "abc0.ax.internal.cloudapp.net"];
    const hosts = ["login.microsoftonline.com", "contoso.postgres.database.azure.com"];
    const inside = ["web", "postgres.data", "postgres.data.svc.cluster.local", "redis-0.redis.data.svc.cluster.local"];
    for (const host of hosts) {
      expect([host, ...search.map((suffix) => `${host}.${suffix}`)].filter((name) => !allowed(name))).toEqual([]);
    }
    for (const name of inside) {
      expect(search.slice(0, 3).filter((suffix) => !allowed(`${name}.${suffix}`))).toEqual([]);
    }
    expect(allowed(`postgres.data.svc.cluster.local.${search[3]}`)).toBe(true);
    const others = [
      "evil.com",
      "login.microsoftonline.com.evil.com",
      "x.login.microsoftonline.com",
      "secret.evil.com.internal.cloudapp.net",
      "com",
    ];
    expect(others.filter(allowed)).toEqual([]);
  });

  it("by names, leave addresses and Services to plain policies, beside the names of the same entry", async () => {
    const hosts = ["10.1.2.3", "redis.data.svc.cluster.local", "redis.contoso.com"];
    const run = await create({ egress: "names", allow: {}, reach: { "allow-redis": { pods, hosts, port: 6380 } } });
    expect(specOf(run, POLICY, "allow-redis").egress).toEqual([
      {
        to: [
          { ipBlock: { cidr: "10.1.2.3/32" } },
          { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "data" } } },
        ],
        ports: [{ protocol: "TCP", port: 6380 }],
      },
    ]);
    expect(specOf(run, CILIUM, "allow-redis").egress).toMatchObject([
      {},
      { toFQDNs: [{ matchName: "redis.contoso.com" }] },
    ]);
    const inside = await create({ egress: "names", allow: {}, reach: { "allow-a": { pods, hosts: ["10.1.2.3"] } } });
    expect(inside.counts()).toEqual({ [POLICY]: 2, [CILIUM]: 1 });
  });

  it("by addresses, open HTTPS to the internet, other ports to the private network, and nothing without hosts", async () => {
    const none = { "allow-none": { pods, hosts: [] } };
    const run = await create({ egress: "addresses", allow: {}, reach: { ...reach, ...none } });
    expect(run.counts()).toEqual({ [POLICY]: 4 });
    expect(specOf(run, POLICY, "allow-entra")).toEqual(allowHosts(pods, ["login.microsoftonline.com"], 443));
    expect(specOf(run, POLICY, "allow-database")).toEqual(
      allowHosts({}, ["contoso.postgres.database.azure.com"], 5432),
    );
    expect(specOf(run, POLICY, "allow-dns")).toMatchObject({
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
    expect((await create({ egress: "names", allow: {}, reach: none })).counts()).toEqual({ [POLICY]: 1, [CILIUM]: 1 });
  });
});

describe("network rules", () => {
  it("reach the internet over HTTPS but no private address and no metadata service", () => {
    expect(allowHosts(pods, ["graph.microsoft.com"], 443)).toEqual({
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
    expect(allowHosts(pods, [host], 5432).egress).toEqual([{ to, ports: [{ protocol: "TCP", port: 5432 }] }]);
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
