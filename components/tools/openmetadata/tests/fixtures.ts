import { openMetadataContract } from "../contract.ts";
import type { OpenMetadataSettings } from "../settings.ts";

/** OpenMetadata's settings with every default, one declared role and the changes of a test. */
export function openMetadataSettings(changes: Record<string, unknown> = {}): OpenMetadataSettings {
  return openMetadataContract.settings.parse({
    host: "openmetadata.data.contoso.com",
    image: "contoso.azurecr.io/openmetadata-server:2.0.7",
    access: { Admin: ["bi-admins"], DataConsumer: ["sales"], DataQualityEngineer: ["analysts"] },
    roles: ["DataQualityEngineer"],
    database: { host: "contoso.postgres.database.azure.com" },
    search: { host: "search.data.contoso.com" },
    jobs: { image: "contoso.azurecr.io/python:3.12.12" },
    ...changes,
  });
}
