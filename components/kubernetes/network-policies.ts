import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { networking } from "@pulumi/kubernetes/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { allowApiServer, allowClusterNames, allowNames, type NamesSpec } from "./network-names.ts";
import { allowAnyHttps, allowDns, allowHosts, denyAll, isOutsideName, type PodLabels } from "./network-rules.ts";

export interface NetworkPoliciesArgs {
  readonly namespace: pulumi.Input<string>;
  /**
   * How hosts outside the cluster are told apart: by `names`, with Cilium's policies, so that pods reach exactly what is
   * listed; by `addresses`, with Kubernetes' own, which cannot say more than "HTTPS on the internet".
   */
  readonly egress: "names" | "addresses";
  /**
   * What is allowed inside the cluster, by a name that says it; built with the functions of network-rules.ts.
   * @example { "allow-gateway": allowFromGateway({ app: "superset" }, "gateway", 8088) }
   */
  readonly allow: Readonly<Record<string, networking.v1.NetworkPolicySpec>>;
  /**
   * Hosts that pods reach, by a name that says it.
   * @example { "allow-entra": { pods: { app: "superset" }, hosts: ENTRA_HOSTS } }
   */
  readonly reach: Readonly<Record<string, Reach>>;
  /**
   * Pods that call the cluster's own API, by a name that says it. A managed API server stands outside the cluster, at an
   * address that may be public: by addresses that is again no more than "HTTPS on the internet", private addresses included.
   * @default none
   */
  readonly clusterApi?: Readonly<Record<string, PodLabels>>;
}

/** Pods and the hosts that they need. */
export interface Reach {
  readonly pods: PodLabels;
  /** Names, IPv4 addresses, or Services of the cluster. @example ["contoso.postgres.database.azure.com"] */
  readonly hosts: readonly string[];
  /** Port of TCP. @default 443 */
  readonly port?: number;
}

/** What one entry becomes: Kubernetes' own policy, Cilium's, or both under one name. */
interface Specs {
  readonly plain?: networking.v1.NetworkPolicySpec;
  readonly names?: NamesSpec;
}

/** A namespace's traffic: nothing but DNS and what is named. */
export class NetworkPolicies extends pulumi.ComponentResource {
  constructor(name: string, args: NetworkPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:kubernetes:NetworkPolicies", name, {}, opts);
    const child = { parent: this };
    for (const [policy, { plain, names }] of Object.entries(policiesOf(args))) {
      const metadata = { name: policy, namespace: args.namespace };
      if (plain !== undefined) new NetworkPolicy(`${name}-${policy}`, { metadata, spec: plain }, child);
      if (names === undefined) continue;
      new CustomResource(
        `${name}-${policy}`,
        { apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", metadata, spec: names },
        child,
      );
    }
    this.registerOutputs({});
  }
}

function policiesOf({ egress, allow, reach, clusterApi = {} }: NetworkPoliciesArgs): Record<string, Specs> {
  const plain = Object.entries(allow).map(([policy, spec]) => [policy, { plain: spec }] as const);
  const reached = Object.entries(reach).map(([policy, one]) => [policy, specsOf(one, egress)] as const);
  const api = Object.entries(clusterApi).map(([policy, pods]) => {
    const specs: Specs = egress === "names" ? { names: allowApiServer(pods) } : { plain: allowAnyHttps(pods) };
    return [policy, specs] as const;
  });
  return {
    "default-deny": { plain: denyAll() },
    // One of the two: a plain rule for DNS beside Cilium's would take the effect of its names (docs.cilium.io, "Layer 7 Policies").
    "allow-dns": egress === "names" ? { names: allowClusterNames() } : { plain: allowDns() },
    ...Object.fromEntries(plain),
    ...Object.fromEntries(reached),
    ...Object.fromEntries(api),
  };
}

function specsOf({ pods, hosts, port = 443 }: Reach, egress: NetworkPoliciesArgs["egress"]): Specs {
  const all = [...new Set(hosts)];
  if (egress === "addresses") return all.length === 0 ? {} : { plain: allowHosts(pods, all, port) };
  // Cilium's names are for what is outside; Services and addresses are Kubernetes' own business.
  const names = all.filter(isOutsideName);
  const others = all.filter((host) => !isOutsideName(host));
  return {
    ...(names.length === 0 ? {} : { names: allowNames(pods, names, port) }),
    ...(others.length === 0 ? {} : { plain: allowHosts(pods, others, port) }),
  };
}
