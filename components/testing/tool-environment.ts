import { secretWindows } from "../../model/secret-calendar.ts";
import { Vault } from "../azure/vault.ts";
import type { ToolEnvironment } from "../tools/environment.ts";

export const TEST_TENANT = "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10";
export const TEST_NOW = new Date("2026-11-23T12:00:00Z");

/**
 * What tools share in a test under mocks: an environment `dev` with the teams bi-admins, sales, analysts and operators.
 * Call it inside the program, as it makes a vault.
 */
export function testEnvironment(changes: Partial<ToolEnvironment> = {}, now = TEST_NOW): ToolEnvironment {
  const location = "westeurope";
  return {
    environment: "dev",
    domain: "data.contoso.com",
    userDomain: "contoso.com",
    tenantId: TEST_TENANT,
    subscriptionId: "41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17",
    location,
    oidcIssuer: "https://oidc.contoso.com/cluster-1",
    gateway: { name: "public", namespace: "gateway" },
    vault: new Vault("vault", { vaultName: "kv-dev", resourceGroup: "rg-dev", location, tenantId: TEST_TENANT }),
    vaultName: "kv-dev",
    windows: secretWindows("2026-01-01", 90, now),
    groupIds: { "bi-admins": "group-1", sales: "group-2", analysts: "group-3", operators: "group-4" },
    groupNames: { "bi-admins": "BI administrators", sales: "Sales", analysts: "Analysts", operators: "Operators" },
    sessions: { maximum: "8h", revocation: "1h" },
    proxy: {
      image: "contoso.azurecr.io/oauth2-proxy:7.15.3-alpine",
      replicas: { min: 2, max: 2 },
      redis: { host: "redis.contoso.com", port: 10_000, tls: true },
    },
    egress: "names",
    protect: false,
    ...changes,
  };
}
