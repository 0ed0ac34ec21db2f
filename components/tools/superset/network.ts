import { ENTRA_HOSTS } from "../../kubernetes/hosts.ts";
import type { NetworkPoliciesArgs } from "../../kubernetes/network-policies.ts";
import { allowFromGateway } from "../../kubernetes/network-rules.ts";
import type { SupersetSettings } from "./contract.ts";
import { labelsOf, WEB_PORT } from "./pods.ts";

/**
 * The traffic that Superset needs: people through the gateway, Entra and partners' providers for web pods, warehouses that
 * speak HTTPS for all that query them, its own database and Redis for all parts. Warehouses on other ports need a policy
 * of their own.
 */
export function supersetTraffic(
  { database, redis, egress }: Pick<SupersetSettings, "database" | "redis" | "egress">,
  gatewayNamespace: string,
  partnerHosts: readonly string[],
): Pick<NetworkPoliciesArgs, "allow" | "reach"> {
  return {
    allow: {
      "allow-gateway": allowFromGateway(labelsOf("web"), gatewayNamespace, WEB_PORT),
    },
    reach: {
      "allow-database": { pods: labelsOf(), hosts: [database.host], port: database.port },
      "allow-redis": { pods: labelsOf(), hosts: [redis.host], port: redis.port },
      "allow-entra": { pods: labelsOf("web"), hosts: [...ENTRA_HOSTS, ...partnerHosts, ...egress] },
      ...(egress.length === 0 ? {} : { "allow-worker-https": { pods: labelsOf("worker"), hosts: egress } }),
    },
  };
}
