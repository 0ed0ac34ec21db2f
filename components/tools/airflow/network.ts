import type { networking } from "@pulumi/kubernetes/types/input.js";
import { ENTRA_HOSTS, vaultHosts } from "../../kubernetes/hosts.ts";
import type { NetworkPoliciesArgs } from "../../kubernetes/network-policies.ts";
import { allowFromGateway, type PodLabels } from "../../kubernetes/network-rules.ts";
import type { AirflowSettings } from "./contract.ts";
import { API_PORT, TRIGGERER_LOG_PORT, WORKER_LOG_PORT } from "./places.ts";
import { DATABASE_LABEL, labelsOf } from "./pods.ts";

type Spec = networking.v1.NetworkPolicySpec;
type Traffic = Pick<NetworkPoliciesArgs, "allow" | "reach" | "clusterApi">;

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
      ...between("worker-to-server", labelsOf("worker"), server, API_PORT),
      ...between("server-to-triggerer", server, labelsOf("triggerer"), TRIGGERER_LOG_PORT),
      ...own.allow,
    },
    reach: {
      "allow-database": { pods: DATABASE_LABEL, hosts: [database.host], port: database.port },
      "allow-entra": { pods: server, hosts: [...ENTRA_HOSTS, ...args.partnerHosts] },
      "allow-dag-processor-https": { pods: labelsOf("dag-processor"), hosts: dagHosts },
      "allow-triggerer-https": { pods: labelsOf("triggerer"), hosts: dagHosts },
      "allow-worker-https": { pods: labelsOf("worker"), hosts: dagHosts },
      ...own.reach,
    },
    clusterApi: own.clusterApi,
  };
}

/** The scheduler makes pods, the API server reads the logs of running ones. */
function clusterTraffic(): Traffic {
  return {
    allow: {},
    reach: {},
    clusterApi: {
      "allow-scheduler-cluster-api": labelsOf("scheduler"),
      "allow-server-cluster-api": labelsOf("api-server"),
    },
  };
}

function celeryTraffic({ host, port }: { host: string; port: number }): Traffic {
  return {
    allow: between("server-to-worker", labelsOf("api-server"), labelsOf("worker"), WORKER_LOG_PORT),
    reach: {
      "allow-scheduler-redis": { pods: labelsOf("scheduler"), hosts: [host], port },
      "allow-worker-redis": { pods: labelsOf("worker"), hosts: [host], port },
    },
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
