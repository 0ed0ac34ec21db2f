import { readFileSync } from "node:fs";
import type { ToolRole } from "../../../model/tool-contract.ts";
import { directoryFiles, directoryRoles } from "../../reconciler/directory-reader.ts";
import { type ServerSurroundings, serverConfigText } from "./server-config.ts";
import type { OpenMetadataSettings } from "./settings.ts";

/** What every script needs to talk to the server. */
const SHARED_FILES = ["openmetadata_api.py", "openmetadata_operator.py", "openmetadata_token.py"];

/** What the server's container runs. */
export function configFiles(): Record<string, string> {
  return { "start.sh": read("./config/start.sh") };
}

/** The script that closes the shipped accounts. */
export function jobFiles(): Record<string, string> {
  return scripts([...SHARED_FILES, "settle_accounts.py"]);
}

/** The script that takes leavers out, and what it is told. */
export function reconcilerFiles(
  tool: string,
  { reconcile }: Pick<OpenMetadataSettings, "reconcile">,
  roles: readonly ToolRole[],
): Record<string, string> {
  const people = { removalLimit: reconcile.removalLimit, roles: directoryRoles(tool, roles) };
  return {
    ...scripts([...SHARED_FILES, "reconcile_people.py"]),
    ...directoryFiles(),
    "people.json": `${JSON.stringify(people, null, 2)}\n`,
  };
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

function scripts(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, read(`./jobs/${name}`)]));
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}
