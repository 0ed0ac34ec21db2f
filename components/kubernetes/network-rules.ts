import { isIPv4 } from "node:net";
import type { networking } from "@pulumi/kubernetes/types/input.js";

type Spec = networking.v1.NetworkPolicySpec;
type Peer = networking.v1.NetworkPolicyPeer;

/** Labels that choose pods; empty chooses every pod of the namespace. */
export type PodLabels = Readonly<Record<string, string>>;

/** Address ranges that are never on the internet, the cloud's metadata service (169.254.169.254) among them. */
const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
const LINK_LOCAL = "169.254.0.0/16";
/** Address of the DNS cache that clusters may run on each node. */
const NODE_LOCAL_DNS = "169.254.20.10/32";
const HTTPS = 443;

/** Nothing in and nothing out, for every pod: everything else adds to this. */
export function denyAll(): Spec {
  return { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
}

/** Names may be resolved, at the cluster's DNS or the node's cache of it. */
export function allowDns(): Spec {
  const kubeDns: Peer = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
    podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
  };
  const ports = [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ];
  return egress({}, [kubeDns, { ipBlock: { cidr: NODE_LOCAL_DNS } }], ports);
}

/** Requests from the Gateway's namespace reach the pods' port. */
export function allowFromGateway(pods: PodLabels, gatewayNamespace: string, port: number): Spec {
  return {
    podSelector: { matchLabels: { ...pods } },
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": gatewayNamespace } } }],
        ports: [{ protocol: "TCP", port }],
      },
    ],
  };
}

/**
 * One port of several hosts, as far as addresses can say it: exactly the address where a host is one, the namespace where it
 * is a Service of the cluster. Names become the internet, but nothing private, where the port is HTTPS's (Entra and Graph have
 * no stable addresses), the private network where it is another one.
 */
export function allowHosts(pods: PodLabels, hosts: readonly string[], port: number): Spec {
  const named = hosts.some(isOutsideName);
  const exact = hosts.filter((host) => !isOutsideName(host)).flatMap(serverPeers);
  const wide = named ? (port === HTTPS ? [internet()] : privateNetwork()) : [];
  return egress(pods, [...exact, ...wide], [{ protocol: "TCP", port }]);
}

/** Whether a host is a name outside the cluster: neither an address nor a Service. */
export function isOutsideName(host: string): boolean {
  return !isIPv4(host) && serviceNamespace(host) === undefined;
}

function serverPeers(host: string): Peer[] {
  if (isIPv4(host)) return [{ ipBlock: { cidr: `${host}/32` } }];
  const namespace = serviceNamespace(host);
  if (namespace === undefined) return privateNetwork();
  return [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }];
}

/** The namespace in a Service's name: `postgres.data.svc.cluster.local` is in `data`. */
function serviceNamespace(host: string): string | undefined {
  return /^[^.]+\.([^.]+)\.svc(\.|$)/.exec(host)?.[1];
}

function internet(): Peer {
  return { ipBlock: { cidr: "0.0.0.0/0", except: [...PRIVATE_RANGES, LINK_LOCAL] } };
}

function privateNetwork(): Peer[] {
  return PRIVATE_RANGES.map((cidr) => ({ ipBlock: { cidr } }));
}

/** HTTPS to any address but the cloud's metadata service, for an API server that may be public or private. */
export function allowAnyHttps(pods: PodLabels): Spec {
  return egress(pods, [{ ipBlock: { cidr: "0.0.0.0/0", except: [LINK_LOCAL] } }], [{ protocol: "TCP", port: 443 }]);
}

function egress(pods: PodLabels, to: Peer[], ports: networking.v1.NetworkPolicyPort[]): Spec {
  const podSelector = Object.keys(pods).length === 0 ? {} : { matchLabels: { ...pods } };
  return { podSelector, policyTypes: ["Egress"], egress: [{ to, ports }] };
}
