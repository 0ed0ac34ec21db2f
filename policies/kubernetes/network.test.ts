import { describe, expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages, type Sample, stackMessages, urnOf } from "../testing/harness.ts";
import { egressNamed } from "./egress-named.ts";
import { networkDefaultDeny } from "./network-default-deny.ts";

const plainType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

describe("egress-named, Kubernetes' own policies", () => {
  const run = (egress: unknown, config?: object) =>
    messages(
      egressNamed,
      { type: plainType, props: { spec: { podSelector: {}, policyTypes: ["Egress"], egress } } },
      config,
    );
  const internet = { ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8", "169.254.0.0/16"] } };
  const https = [{ protocol: "TCP", port: 443 }];
  const reason = { addressesReason: "The cluster runs without Cilium." };

  it("accepts networks, namespaces and single addresses", () => {
    const peers = [
      { ipBlock: { cidr: "10.0.0.0/8" } },
      { ipBlock: { cidr: "203.0.113.7/32" } },
      { ipBlock: { cidr: "fd00::/16" } },
      { namespaceSelector: {} },
      unknownText,
    ];
    expect(run([{ to: peers, ports: https }, unknownText, { to: unknownText }])).toEqual([]);
    expect(run(undefined)).toEqual([]);
  });

  it.each([
    ["the internet", [{ to: [internet], ports: https }], 'spec.egress[0].to[0].ipBlock.cidr is "0.0.0.0/0"'],
    ["half of it", [{ to: [{ ipBlock: { cidr: "128.0.0.0/1" } }] }], "128.0.0.0/1"],
    ["the other internet", [{ to: [{ ipBlock: { cidr: "::/0" } }] }], "::/0"],
    ["no peers, which is everywhere", [{ ports: https }], "spec.egress[0].to is empty (everywhere)"],
    ["a list without peers", [{ to: [] }], "empty (everywhere)"],
  ])("refuses %s", (_, egress, wanted) => {
    expect(run(egress)).toEqual([expect.stringContaining(wanted)]);
  });

  it("takes the settings' reason, for HTTPS and without the metadata service", () => {
    expect(run([{ to: [internet], ports: https }], reason)).toEqual([]);
    expect(run([{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: unknownText } }], ports: https }], reason)).toEqual([]);
    expect(run([{ to: [internet] }], reason)).toEqual([expect.stringContaining("open on every port")]);
    expect(run([{ to: [internet], ports: [...https, { port: 25 }] }], reason)).toEqual([
      expect.stringContaining("open on port 25"),
    ]);
    expect(run([{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: https }], reason)).toEqual([
      expect.stringContaining("without 169.254.0.0/16"),
    ]);
    expect(run([{ to: [{ ipBlock: { cidr: "::/0" } }], ports: https }], reason)).toHaveLength(1);
  });
});

describe("egress-named, Cilium's policies", () => {
  const run = (rule: object) =>
    messages(egressNamed, {
      type: "kubernetes:cilium.io/v2:CiliumNetworkPolicy",
      props: { spec: { endpointSelector: {}, egress: [rule] } },
    });

  it("accepts names, and DNS for names below a domain", () => {
    const dns = [{ matchName: "login.microsoftonline.com" }, { matchPattern: "*.*.cluster.local" }];
    expect(run({ toFQDNs: [{ matchName: "login.microsoftonline.com" }, unknownText] })).toEqual([]);
    expect(run({ toEndpoints: [{}], toPorts: [{ ports: [{ port: "53" }], rules: { dns } }] })).toEqual([]);
    expect(
      run({ toEntities: ["kube-apiserver"], toCIDR: ["10.0.0.0/8"], toCIDRSet: [{ cidr: "203.0.113.0/24" }] }),
    ).toEqual([]);
  });

  it.each([
    [{ toFQDNs: [{ matchPattern: "*" }] }, 'spec.egress[0].toFQDNs[0].matchPattern is "*"'],
    [{ toFQDNs: [unknownText, { matchPattern: "*.vault.azure.net" }] }, "toFQDNs[1].matchPattern"],
    [{ toPorts: [{ rules: { dns: [{ matchPattern: "*" }] } }] }, "toPorts[0].rules.dns[0].matchPattern"],
    [{ toPorts: [{ rules: { dns: [{ matchPattern: "*.*" }] } }] }, '"*.*"'],
    [{ toEntities: ["cluster", "world"] }, 'spec.egress[0].toEntities[1] is "world"'],
    [{ toCIDR: ["0.0.0.0/0"] }, "spec.egress[0].toCIDR[0]"],
    [{ toCIDRSet: [{ cidr: "::/0" }] }, "spec.egress[0].toCIDRSet[0].cidr"],
  ])("refuses %j", (rule, wanted) => {
    expect(run(rule)).toEqual([expect.stringContaining(wanted)]);
  });

  it("looks into lists of specs as well", () => {
    const props = { specs: [{ endpointSelector: {}, egress: [{ toEntities: ["all"] }] }] };
    const type = "kubernetes:cilium.io/v2:CiliumClusterwideNetworkPolicy";
    expect(messages(egressNamed, { type, props })).toEqual([expect.stringContaining("toEntities[0]")]);
  });
});

describe("network-default-deny", () => {
  const namespace: Sample = {
    type: "kubernetes:core/v1:Namespace",
    name: "ns",
    props: { metadata: { name: "charts" } },
  };
  const web: Sample = {
    type: "kubernetes:apps/v1:Deployment",
    name: "web",
    props: { metadata: { name: "web", namespace: "charts" }, spec: {} },
  };
  const policy = (spec: unknown, changes: Partial<Sample> = {}): Sample => ({
    type: plainType,
    name: "deny",
    props: { metadata: { name: "deny", namespace: "charts" }, spec },
    ...changes,
  });
  const deny = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
  const run = (...samples: Sample[]) => stackMessages(networkDefaultDeny, samples);

  it("accepts a closed namespace, by one policy or two, and one that runs nothing", () => {
    expect(run(namespace, web, policy(deny))).toEqual([]);
    const halves = ["Ingress", "Egress"].map((type) => policy({ podSelector: {}, policyTypes: [type] }));
    expect(run(namespace, web, ...halves)).toEqual([]);
    expect(run(namespace)).toEqual([]);
  });

  it("leaves namespaces alone that the stack only uses", () => {
    expect(run(web)).toEqual([]);
  });

  it("goes by the Namespace where its name is not known yet, and waits for what else is not", () => {
    const late = { ...namespace, props: { metadata: unknownText } };
    const refs = { metadata: "ns" };
    const job: Sample = { type: "kubernetes:batch/v1:Job", name: "job", props: { metadata: unknownText }, refs };
    expect(run(late, job, policy(deny, { props: { metadata: unknownText, spec: deny }, refs }))).toEqual([]);
    expect(run(late, job, policy(deny, { props: { metadata: unknownText, spec: unknownText }, refs }))).toEqual([]);
    expect(run(late, job)).toHaveLength(2);
    // Nothing at all is known of what goes into a cluster that the same stack makes.
    expect(run({ ...late, props: {} }, { ...job, props: {} }, policy(deny, { props: {}, refs }))).toEqual([]);
    expect(run({ ...late, props: {} }, { ...job, props: {} })).toHaveLength(2);
  });

  it.each([
    ["no policy", [], 2],
    ["a policy of another namespace", [policy(deny, { props: { metadata: { namespace: "other" }, spec: deny } })], 2],
    ["some pods only", [policy({ ...deny, podSelector: { matchLabels: { app: "web" } } })], 2],
    ["what comes in only", [policy({ podSelector: {}, policyTypes: ["Ingress"] })], 1],
    ["a policy that lets something out", [policy({ ...deny, egress: [{}] })], 1],
  ])("refuses %s", (_, policies, count) => {
    const found = run(namespace, web, ...policies);
    expect(found).toHaveLength(count);
    expect(found.at(-1)).toContain(urnOf(namespace));
  });
});
