import type { networking } from "@pulumi/kubernetes/types/input.js";
import type { ToolPartner } from "../../model/partners.ts";
import { ENTRA_HOSTS } from "../kubernetes/hosts.ts";
import type { NetworkPoliciesArgs } from "../kubernetes/network-policies.ts";
import { allowFromGateway, type PodLabels } from "../kubernetes/network-rules.ts";
import type { ToolEnvironment } from "../tools/environment.ts";
import { PROXY_PORT } from "./config.ts";
import { ENTRA_GATE, partnerGates } from "./partners.ts";
import { proxyLabels } from "./pods.ts";
import { proxySettings } from "./settings.ts";

/**
 * The traffic of a tool's proxies, to spread into the namespace's policies: people reach the proxies alone, these reach the
 * tool, Redis and their provider, and nobody else reaches the tool.
 *
 * @example new NetworkPolicies("reports-network", { namespace, ...proxyTraffic("reports", environment, { pods, port: 8080 }) })
 */
export function proxyTraffic(
  tool: string,
  environment: ToolEnvironment,
  upstream: { readonly pods: PodLabels; readonly port: number },
  partners: readonly ToolPartner[] = [],
): Pick<NetworkPoliciesArgs, "allow" | "reach"> {
  const { redis } = proxySettings(tool, environment);
  const proxies = proxyLabels(tool);
  const gates = partnerGates(tool, environment.domain, partners);
  return {
    allow: {
      "allow-proxy-gateway": allowFromGateway(proxies, environment.gateway.namespace, PROXY_PORT),
      "allow-proxy-to-tool": between("Egress", proxies, upstream.pods, upstream.port),
      "allow-tool-from-proxy": between("Ingress", upstream.pods, proxies, upstream.port),
    },
    reach: {
      "allow-proxy-redis": { pods: proxies, hosts: [redis.host], port: redis.port },
      "allow-proxy-entra": { pods: proxyLabels(tool, ENTRA_GATE), hosts: ENTRA_HOSTS },
      ...Object.fromEntries(
        gates.map(({ key, partner }) => [
          `allow-proxy-${key}`,
          { pods: proxyLabels(tool, key), hosts: [new URL(partner.issuer).hostname] },
        ]),
      ),
    },
  };
}

/** Traffic between pods of one namespace, seen from `pods`. */
function between(
  direction: "Ingress" | "Egress",
  pods: PodLabels,
  others: PodLabels,
  port: number,
): networking.v1.NetworkPolicySpec {
  const peers = [{ podSelector: { matchLabels: { ...others } } }];
  const ports = [{ protocol: "TCP", port }];
  const rule = direction === "Ingress" ? { ingress: [{ from: peers, ports }] } : { egress: [{ to: peers, ports }] };
  return { podSelector: { matchLabels: { ...pods } }, policyTypes: [direction], ...rule };
}
