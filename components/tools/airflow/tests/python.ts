import { fileURLToPath } from "node:url";
import { lockedPackages } from "../../../../toolchain/python/locks.ts";
import { runPython, under } from "../../../testing/python.ts";
import type { MappedRoles } from "../../fab/tests/mapped-roles.ts";
import { configFiles } from "../settings-files.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The version that a settings file is for; its own packages read it. */
const versionOf = (settings: Readonly<Record<string, string>>): string =>
  (JSON.parse(settings["settings.json"] ?? "") as { version: string }).version;

/**
 * What real Airflow makes of a ConfigMap's files: the roles for each app role's value.
 *
 * @param settings the files of the ConfigMap `airflow-settings`
 * @param config the files of the ConfigMap `airflow-config`; by default those of the checkout
 */
export async function mappedRoles(
  settings: Readonly<Record<string, string>>,
  config: Readonly<Record<string, string>> = configFiles(),
): Promise<MappedRoles> {
  return (await runScript("check_config.py", settings, config)) as MappedRoles;
}

/** Runs the configuration through what observe.py tries, in the Airflow of the settings' version, and returns what it saw. */
export function observe(settings: Readonly<Record<string, string>>): Promise<unknown> {
  return runScript("observe.py", settings, configFiles());
}

function runScript(
  script: string,
  settings: Readonly<Record<string, string>>,
  config: Readonly<Record<string, string>>,
): Promise<unknown> {
  // Real Airflow, its FAB provider, Flask-AppBuilder and Authlib.
  return runPython(lockedPackages("airflow", versionOf(settings)), {
    script: here(script),
    files: { ...under("settings", settings), ...under("config", config) },
    args: ["{folder}"],
    modules: [here("../../fab/tests"), here(".")],
  });
}
