import { type SupersetSettings, supersetContract } from "../contract.ts";

/** Superset's settings with every default, two dataset roles and the changes of a test. */
export function supersetSettings(changes: Record<string, unknown> = {}): SupersetSettings {
  return supersetContract.settings.parse({
    host: "superset.data.contoso.com",
    image: "contoso.azurecr.io/superset:6.1.0",
    access: { Admin: ["bi-admins"], "sales-reader": ["sales"], "lake-reader": ["analysts"] },
    datasets: { "sales-reader": { warehouse: ["sales", "returns"] }, "lake-reader": { lake: ["*"] } },
    database: { host: "contoso.postgres.database.azure.com" },
    redis: { host: "contoso.redis.cache.windows.net" },
    ...changes,
  });
}
