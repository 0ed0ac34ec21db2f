import type { networking } from "@pulumi/kubernetes/types/input.js";
import { ENTRA_HOSTS, vaultHosts } from "../../kubernetes/hosts.ts";
import type { NetworkPoliciesArgs } from "../../kubernetes/network-policies.ts";
import { allowFromGateway, allowServer, type PodLabels } from "../../kubernetes/network-rules.ts";
import type { AirflowSettings } from "./contract.ts";
import { API_PORT, TRIGGERER_LOG_PORT, WORKER_LOG_PORT } from "./places.ts";
import { DATABASE_LABEL, labelsOf } from "./pods.ts";

type Spec = networking.v1.NetworkPolicySpec;
type Traffic = Pick<NetworkPoliciesArgs, "allow" | "reach">;

export interface AirflowTrafficArgs {
  readonly gatewayNamespace: string;
  readonly vaultName: string;
  readonly partnerHosts: readonly string[];
}

/**
 * The traffic that Airflow needs. People and programs come through the gateway; workers reach the API server and no
 * database; parts that run DAG authors' code reach the vault, for connections, and the hosts of `egress`.
 */
export function airflowTraffic(settings: AirflowSettings, args: AirflowTrafficArgs): Traffic {
  const { database, egress, executor } = settings;
  const server = labelsOf("api-server");
  const own = executor === "kubernetes" ? clusterTraffic() : celeryTraffic(executor.celery.redis);
  const dagHosts = [...ENTRA_HOSTS, ...vaultHosts(args.vaultName), ...egress];
  return {
    allow: {
      "allow-gateway": allowFromGateway(server, args.gatewayNamespace, API_PORT),
      "allow-database": allowServer(DATABASE_LABEL, database.host, database.port),
      ...between("worker-to-server", labelsOf("worker"), server, API_PORT),
      ...between("server-to-triggerer", server, labelsOf("triggerer"), TRIGGERER_LOG_PORT),
      ...own,
    },
    reach: {
      "allow-entra": { pods: server, hosts: [...ENTRA_HOSTS, ...args.partnerHosts] },
      "allow-dag-processor-https": { pods: labelsOf("dag-processor"), hosts: dagHosts },
      "allow-triggerer-https": { pods: labelsOf("triggerer"), hosts: dagHosts },
      "allow-worker-https": { pods: labelsOf("worker"), hosts: dagHosts },
    },
  };
}

/** The scheduler makes pods, the API server reads the logs of running ones. */
function clusterTraffic(): Record<string, Spec> {
  return {
    "allow-scheduler-cluster-api": allowClusterApi(labelsOf("scheduler")),
    "allow-server-cluster-api": allowClusterApi(labelsOf("api-server")),
  };
}

function celeryTraffic({ host, port }: { host: string; port: number }): Record<string, Spec> {
  return {
    "allow-scheduler-redis": allowServer(labelsOf("scheduler"), host, port),
    "allow-worker-redis": allowServer(labelsOf("worker"), host, port),
    ...between("server-to-worker", labelsOf("api-server"), labelsOf("worker"), WORKER_LOG_PORT),
  };
}

/** One port from some pods of the namespace to others, in both directions of the policy. */
function between(name: string, from: PodLabels, to: PodLabels, port: number): Record<string, Spec> {
  const ports = [{ protocol: "TCP", port }];
  return {
    [`allow-${name}`]: {
      podSelector: { matchLabels: { ...from } },
      policyTypes: ["Egress"],
      egress: [{ to: [{ podSelector: { matchLabels: { ...to } } }], ports }],
    },
    [`accept-${name}`]: {
      podSelector: { matchLabels: { ...to } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: { matchLabels: { ...from } } }], ports }],
    },
  };
}

/**
 * The cluster's own API. Policies see the address behind the Service `kubernetes`, which no name stands for and which may be
 * public or private: so any address but the metadata service's, on the API's two usual ports.
 */
function allowClusterApi(pods: PodLabels): Spec {
  return {
    podSelector: { matchLabels: { ...pods } },
    policyTypes: ["Egress"],
    egress: [
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
        ports: [443, 6443].map((port) => ({ protocol: "TCP", port })),
      },
    ],
  };
}
