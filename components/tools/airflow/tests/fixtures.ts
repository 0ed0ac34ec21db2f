import { type AirflowSettings, airflowContract } from "../contract.ts";

/** Airflow's settings with every default, a role of their own, three triggers and the changes of a test. */
export function airflowSettings(changes: Record<string, unknown> = {}): AirflowSettings {
  return airflowContract.settings.parse({
    host: "airflow.data.contoso.com",
    image: "contoso.azurecr.io/airflow:3.3.2",
    access: { Admin: ["bi-admins"], Op: ["operators"], Viewer: ["analysts"], "sales-runner": ["sales"] },
    roles: {
      "sales-runner": {
        permissions: { "DAG:sales": ["can_read", "can_edit"], "DAG Runs": ["can_read", "can_create"] },
      },
    },
    triggers: {
      "nightly-loader": "Op",
      crm: { role: "sales-runner", serviceAccount: { namespace: "crm", name: "sync" } },
      billing: { role: "Op", application: "44444444-4444-4444-8444-444444444444" },
    },
    connections: ["warehouse", "lake"],
    database: { host: "contoso.postgres.database.azure.com" },
    ...changes,
  });
}

/** Settings of an Airflow whose tasks run on Celery's workers. */
export const CELERY = {
  executor: { celery: { redis: { host: "contoso.redis.cache.windows.net" }, workers: { min: 2, max: 8 } } },
};
