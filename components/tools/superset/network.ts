import type { networking } from "@pulumi/kubernetes/types/input.js";
import { allowFromGateway, allowPublicHttps, allowServer } from "../../kubernetes/network-rules.ts";
import type { SupersetSettings } from "./contract.ts";
import { labelsOf, WEB_PORT } from "./pods.ts";

/**
 * The traffic that Superset needs: people through the gateway, Entra for web pods (and warehouses that speak HTTPS), its
 * own database and Redis for all parts. Warehouses on other ports need a policy of their own.
 */
export function supersetTraffic(
  { database, redis }: Pick<SupersetSettings, "database" | "redis">,
  gatewayNamespace: string,
): Record<string, networking.v1.NetworkPolicySpec> {
  return {
    "allow-gateway": allowFromGateway(labelsOf("web"), gatewayNamespace, WEB_PORT),
    "allow-entra": allowPublicHttps(labelsOf("web")),
    "allow-worker-https": allowPublicHttps(labelsOf("worker")),
    "allow-database": allowServer(labelsOf(), database.host, database.port),
    "allow-redis": allowServer(labelsOf(), redis.host, redis.port),
  };
}
