import type { ToolPartner } from "../../../model/partners.ts";
import { durationSeconds } from "../../../model/settings/index.ts";
import type { ToolRole } from "../../../model/tool-contract.ts";
import { json, readFiles, sharedConfigFiles } from "../fab/config-files.ts";
import { partnerSettings } from "../fab/partners.ts";
import type { SupersetSettings } from "./contract.ts";

/** The configuration's own files, in the order of their names; deployed as they are. */
export const CONFIG_FILE_NAMES = [
  "entrada_environment.py",
  "entrada_roles.py",
  "entrada_security.py",
  "entrada_tasks.py",
  "migrate.sh",
  "superset_config.py",
] as const;

/** Name → content of the configuration's files, those that Superset shares with other tools first. */
export function configFiles(): Record<string, string> {
  return { ...sharedConfigFiles(), ...readFiles(new URL("./config/", import.meta.url), CONFIG_FILE_NAMES) };
}

/**
 * What the configuration reads. Ids of the registration are not in here: they are unknown at the first preview, and one
 * unknown would make the whole text unknown to policies. Secrets are files of their own.
 */
export function settingsFiles(
  settings: SupersetSettings,
  roles: readonly ToolRole[],
  partners: readonly ToolPartner[],
): Record<string, string> {
  return {
    "settings.json": json({
      version: settings.version,
      url: `https://${settings.host}`,
      logLevel: settings.logLevel,
      session: { lifetimeSeconds: durationSeconds(settings.session.lifetime) },
      roles: Object.fromEntries(roles.map(({ value, toolRoles }) => [value, toolRoles])),
      partners: partnerSettings(partners, roles),
      database: settings.database,
      redis: settings.redis,
    }),
    "roles.json": json(Object.entries(settings.datasets).map(([name, databases]) => ({ name, databases }))),
  };
}
