import { createHash } from "node:crypto";

/**
 * The issuer that Azure gives a cluster: its region, its tenant, and an id of its own, with a slash at the end. The sandbox has one
 * cluster, whose API server must know its issuer before Azure is asked for the cluster; so the id follows from the cluster's.
 * (https://learn.microsoft.com/azure/aks/use-oidc-issuer)
 */
export function clusterIssuer(location: string, tenantId: string, clusterId: string): string {
  const digits = createHash("sha256").update(clusterId.toLowerCase()).digest("hex");
  const id = `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
  return `https://${location}.oic.prod-aks.azure.com/${tenantId}/${id}/`;
}
