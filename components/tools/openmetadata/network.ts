import type { networking } from "@pulumi/kubernetes/types/input.js";
import { ENTRA_HOSTS, GRAPH_HOSTS } from "../../kubernetes/hosts.ts";
import type { NetworkPoliciesArgs, Reach } from "../../kubernetes/network-policies.ts";
import { allowFromGateway } from "../../kubernetes/network-rules.ts";
import { labelsOf, type Part } from "./pods.ts";
import { SERVER_PORT } from "./server-config.ts";
import type { OpenMetadataSettings } from "./settings.ts";

type Spec = networking.v1.NetworkPolicySpec;

/** The parts that have the server's configuration, and so open its database and its search. */
const WITH_SERVERS: readonly Part[] = ["server", "migrate"];
/** Those that call the server's API. */
const CALLING: readonly Part[] = ["job", "reconcile"];

/**
 * The traffic that OpenMetadata needs. Nobody reaches port 8585 but the jobs, the declared callers and, where no proxy stands
 * in front, the gateway: the server takes more tokens than it should.
 */
export function openMetadataTraffic(
  { database, search, egress, callers }: OpenMetadataSettings,
  gatewayNamespace: string | undefined,
): Pick<NetworkPoliciesArgs, "allow" | "reach"> {
  const servers = Object.fromEntries(
    WITH_SERVERS.flatMap((part): [string, Reach][] => [
      [`allow-${part}-database`, { pods: labelsOf(part), hosts: [database.host], port: database.port }],
      [`allow-${part}-search`, { pods: labelsOf(part), hosts: [search.host], port: search.port }],
    ]),
  );
  return {
    allow: {
      "allow-jobs": mayCall("job"),
      "allow-reconciler": mayCall("reconcile"),
      "allow-server-from-jobs": serverTakes(CALLING.map((part) => ({ podSelector: { matchLabels: labelsOf(part) } }))),
      ...(callers.length === 0 ? {} : { "allow-server-from-callers": serverTakes(callers.map(namespacePeer)) }),
      ...(gatewayNamespace === undefined
        ? {}
        : { "allow-gateway": allowFromGateway(labelsOf("server"), gatewayNamespace, SERVER_PORT) }),
    },
    reach: {
      ...servers,
      "allow-entra": { pods: labelsOf("server"), hosts: [...ENTRA_HOSTS, ...egress] },
      "allow-directory": { pods: labelsOf("reconcile"), hosts: [...ENTRA_HOSTS, ...GRAPH_HOSTS] },
    },
  };
}

function serverTakes(from: networking.v1.NetworkPolicyPeer[]): Spec {
  return {
    podSelector: { matchLabels: labelsOf("server") },
    policyTypes: ["Ingress"],
    ingress: [{ from, ports: [{ protocol: "TCP", port: SERVER_PORT }] }],
  };
}

function mayCall(part: Part): Spec {
  return {
    podSelector: { matchLabels: labelsOf(part) },
    policyTypes: ["Egress"],
    egress: [
      {
        to: [{ podSelector: { matchLabels: labelsOf("server") } }],
        ports: [{ protocol: "TCP", port: SERVER_PORT }],
      },
    ],
  };
}

function namespacePeer({ namespace }: { readonly namespace: string }): networking.v1.NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
}
