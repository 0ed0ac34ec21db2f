import type { ToolPartner } from "../../../model/partners.ts";
import { durationSeconds } from "../../../model/settings/index.ts";
import type { ToolRole } from "../../../model/tool-contract.ts";
import { json, readFiles, sharedConfigFiles } from "../fab/config-files.ts";
import { partnerSettings } from "../fab/partners.ts";
import { type AirflowSettings, triggerRole } from "./contract.ts";
import { ini, options, workerOptions } from "./options.ts";

/** The configuration's own files, in the order of their names; deployed as they are. */
export const CONFIG_FILE_NAMES = [
  "entrada_access_tokens.py",
  "entrada_airflow.py",
  "entrada_airflow_roles.py",
  "entrada_airflow_security.py",
  "entrada_auth_manager.py",
  "entrada_values.py",
  "migrate.sh",
  "webserver_config.py",
] as const;

/** Name → content of the configuration's files, those that Airflow shares with other tools first. */
export function configFiles(): Record<string, string> {
  return { ...sharedConfigFiles(), ...readFiles(new URL("./config/", import.meta.url), CONFIG_FILE_NAMES) };
}

/** What the settings files are made of, beside the tool's settings. */
export interface SettingsFilesArgs {
  readonly settings: AirflowSettings;
  readonly roles: readonly ToolRole[];
  readonly partners: readonly ToolPartner[];
  /** Name of the vault that holds the connections. */
  readonly vaultName: string;
  /** Name by which Entra knows Airflow's API. */
  readonly identifierUri: string;
}

/**
 * What the configuration and Airflow read. Ids that are unknown at the first preview are not in here: one unknown would
 * make the whole text unknown to policies. Secrets are files of their own.
 */
export function settingsFiles(args: SettingsFilesArgs): Record<string, string> {
  const { settings, roles, partners, identifierUri } = args;
  const people = roles.filter(({ holders = ["User"] }) => holders.includes("User"));
  return {
    "airflow.cfg": ini(options(args)),
    "worker.cfg": ini(workerOptions(args)),
    "settings.json": json({
      version: settings.version,
      url: `https://${settings.host}`,
      roles: Object.fromEntries(people.map(({ value, toolRoles }) => [value, toolRoles])),
      partners: partnerSettings(partners, roles),
      identifierUri,
      triggers: Object.fromEntries(
        Object.entries(settings.triggers).map(([name, { role }]) => [name, { role, appRole: triggerRole(role) }]),
      ),
      tokens: { lifetimeSeconds: durationSeconds(settings.tokens.lifetime) },
      database: settings.database,
      ...(settings.executor === "kubernetes" ? {} : { redis: settings.executor.celery.redis }),
    }),
  };
}

/** The name by which Entra knows Airflow's API; Entra demands the tenant's id, the client id or a verified domain in it. */
export function identifierUri(tenantId: string, environment: string): string {
  return `api://${tenantId}/airflow-${environment}`;
}
