import { readFileSync } from "node:fs";
import type { ToolRole } from "../../../model/tool-contract.ts";
import { type ServerSurroundings, serverConfigText } from "./server-config.ts";
import type { OpenMetadataSettings } from "./settings.ts";

/** The jobs' scripts, in the order of their names. */
export const JOB_FILE_NAMES = ["openmetadata_api.py", "openmetadata_token.py", "settle_accounts.py"] as const;

/** What the server's container runs. */
export function configFiles(): Record<string, string> {
  return { "start.sh": read("./config/start.sh") };
}

/** The scripts that talk to the server. */
export function jobFiles(): Record<string, string> {
  return Object.fromEntries(JOB_FILE_NAMES.map((name) => [name, read(`./jobs/${name}`)]));
}

/** What the server and the jobs are told: the server's configuration, and the roles that people may hold. */
export function settingsFiles(
  settings: OpenMetadataSettings,
  roles: readonly ToolRole[],
  surroundings: ServerSurroundings,
): Record<string, string> {
  // Being an administrator is a mark on a person, no role that OpenMetadata could lack.
  const names = roles.filter(({ admin }) => !admin).flatMap(({ toolRoles }) => toolRoles);
  return {
    "openmetadata.json": serverConfigText(settings, surroundings),
    "roles.json": `${JSON.stringify(names, null, 2)}\n`,
  };
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}
