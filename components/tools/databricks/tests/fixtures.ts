import { type DatabricksSettings, databricksSettings } from "../settings.ts";

export const ACCOUNT = "1c9b7d5e-3f42-4a86-9b0d-6e2f8a1c4d70";
export const IDENTITY = "7d4e1f0b-2c63-4a58-9f10-5b8f3f6c2a91";

/** Settings with one of everything; `changes` replaces top-level keys. */
export function databricksSettingsOf(changes: Record<string, unknown> = {}): DatabricksSettings {
  return databricksSettings.parse({
    host: "databricks.data.contoso.com",
    accountId: ACCOUNT,
    access: { admin: ["bi-admins"], engineer: ["operators"], analyst: ["analysts", "operators"], viewer: ["sales"] },
    allowedIps: ["198.51.100.0/24"],
    deployerIps: ["203.0.113.10"],
    grants: {
      analysts: {
        catalogs: { main: ["USE_CATALOG"] },
        schemas: { "main.sales": ["USE_SCHEMA", "SELECT"], "main.ml": ["USE_SCHEMA"] },
        models: { "main.ml.churn": ["EXECUTE"] },
      },
    },
    services: {
      scorer: {
        federation: { namespace: "scoring", serviceAccount: "scorer" },
        grants: {
          catalogs: { main: ["USE_CATALOG"] },
          schemas: { "main.ml": ["USE_SCHEMA"] },
          models: { "main.ml.churn": ["EXECUTE"] },
        },
      },
      loader: { managedIdentity: IDENTITY, entitlements: ["databricks-sql-access"] },
    },
    ...changes,
  });
}
