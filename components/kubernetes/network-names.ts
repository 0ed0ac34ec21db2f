import type { PodLabels } from "./network-rules.ts";

/** A name, or a pattern of names; in patterns a `*` stands for one label at most. */
export type DnsRule = { readonly matchName: string } | { readonly matchPattern: string };

interface EgressRule {
  readonly toEndpoints?: readonly { readonly matchLabels: PodLabels }[];
  readonly toFQDNs?: readonly { readonly matchName: string }[];
  readonly toEntities?: readonly string[];
  readonly toPorts: readonly {
    readonly ports: readonly { readonly port: string; readonly protocol: "TCP" | "UDP" }[];
    readonly rules?: { readonly dns: readonly DnsRule[] };
  }[];
}

/** Spec of a CiliumNetworkPolicy (cilium.io/v2), as far as one is written here. */
export interface NamesSpec {
  readonly endpointSelector: { readonly matchLabels?: PodLabels };
  readonly egress: readonly EgressRule[];
}

/** Domain of the cluster's own names; AKS knows no other. */
const CLUSTER_DOMAIN = "cluster.local";

/** Most labels in front of the cluster's domain: a host's own, behind them `<namespace>.svc` of a search list. */
const DEPTH = 10;

/**
 * What Azure appends to a virtual network's search list: with its own DNS `<id>.<zone>.internal.cloudapp.net`, with custom
 * DNS servers `reddog.microsoft.com`. Pods inherit it from their node.
 */
const NETWORK_SUFFIXES = ["*.*.internal.cloudapp.net", "reddog.microsoft.com"];

/**
 * The cluster's own names may be resolved, by every pod. As a pod's search list appends the cluster's domain to each name
 * with fewer than five dots, this also lets searches for outside names go on (to "no such name") instead of ending in
 * Cilium's REFUSED, which musl and others take for the end of the search
 * (docs.cilium.io, "Alpine/musl deployments and DNS Refused"). The cluster's DNS answers for this domain itself: no question leaves.
 */
export function allowClusterNames(): NamesSpec {
  const wildcards = (labels: number) => Array.from({ length: labels }, () => "*").join(".");
  const below = Array.from({ length: DEPTH }, (_, index) => `${wildcards(index + 1)}.${CLUSTER_DOMAIN}`);
  // A Service's full name, or that of one of its pods, goes through the search list as well.
  const services = [3, 4].map((labels) => `${wildcards(labels)}.${CLUSTER_DOMAIN}`);
  const searched = services.flatMap((name) => NETWORK_SUFFIXES.map((suffix) => `${name}.${suffix}`));
  return { endpointSelector: {}, egress: [askDns([...below, ...searched].map((matchPattern) => ({ matchPattern })))] };
}

/**
 * One port of hosts by name, and their names at the cluster's DNS. Cilium learns a name's addresses from the answers that
 * pass its DNS proxy, so both rules belong together (docs.cilium.io, "DNS based"); the rule for names must cover the hosts (AKS, "FQDN
 * filtering"). Both add to what other policies allow: plain ones of Kubernetes too, which Cilium enforces as well.
 */
export function allowNames(pods: PodLabels, hosts: readonly string[], port: number): NamesSpec {
  const names = hosts.map((matchName) => ({ matchName }));
  const searched = hosts.flatMap((host) => NETWORK_SUFFIXES.map((suffix) => ({ matchPattern: `${host}.${suffix}` })));
  return {
    endpointSelector: Object.keys(pods).length === 0 ? {} : { matchLabels: { ...pods } },
    egress: [
      askDns([...names, ...searched]),
      { toFQDNs: names, toPorts: [{ ports: [{ port: String(port), protocol: "TCP" }] }] },
    ],
  };
}

/** The cluster's own API server, wherever it stands: Cilium knows its addresses (docs.cilium.io, "Entities based"). */
export function allowApiServer(pods: PodLabels): NamesSpec {
  const ports = ["443", "6443"].map((port) => ({ port, protocol: "TCP" as const }));
  return {
    endpointSelector: { matchLabels: { ...pods } },
    egress: [{ toEntities: ["kube-apiserver"], toPorts: [{ ports }] }],
  };
}

/** Questions to the cluster's DNS, read by Cilium's proxy. */
function askDns(dns: readonly DnsRule[]): EgressRule {
  return {
    toEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", "k8s:k8s-app": "kube-dns" } }],
    toPorts: [
      {
        ports: [
          { port: "53", protocol: "UDP" },
          { port: "53", protocol: "TCP" },
        ],
        rules: { dns },
      },
    ],
  };
}
