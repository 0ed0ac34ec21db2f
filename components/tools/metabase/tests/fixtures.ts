import { metabaseContract } from "../contract.ts";
import type { MetabaseSettings } from "../settings.ts";

const shared = {
  host: "metabase.data.contoso.com",
  access: { admin: ["bi-admins"], query: ["analysts"], "sales-query": ["sales"], view: ["operators"] },
  data: { "sales-query": { warehouse: ["sales", "returns"] } },
  database: { host: "contoso.postgres.database.azure.com" },
  jobs: { image: "contoso.azurecr.io/python:3.12.11" },
};

/** Settings of the pro edition with every default, one further role and the changes of a test. */
export function proSettings(changes: Record<string, unknown> = {}): MetabaseSettings {
  return metabaseContract.settings.parse({
    ...shared,
    edition: "pro",
    image: "contoso.azurecr.io/metabase-enterprise:v1.65.4",
    ...changes,
  });
}

/** The same of the open-source edition. */
export function ossSettings(changes: Record<string, unknown> = {}): MetabaseSettings {
  return metabaseContract.settings.parse({
    ...shared,
    edition: "oss",
    image: "contoso.azurecr.io/metabase:v0.65.4",
    mail: { host: "mail.contoso.com", from: "metabase@contoso.com" },
    ...changes,
  });
}
