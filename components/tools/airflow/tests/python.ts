import { fileURLToPath } from "node:url";
import { type PythonPackages, runPython, under } from "../../../testing/python.ts";
import type { MappedRoles } from "../../fab/tests/mapped-roles.ts";
import { configFiles } from "../settings-files.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Real Airflow, its FAB provider, Flask-AppBuilder and Authlib. */
const AIRFLOW: PythonPackages = {
  name: "Airflow",
  pythonVersions: ">=3.11,<3.13",
  lock: here("../test-requirements.txt"),
};

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

/** Runs the configuration through what observe.py tries, and returns what it saw. */
export function observe(settings: Readonly<Record<string, string>>): Promise<unknown> {
  return runScript("observe.py", settings, configFiles());
}

function runScript(
  script: string,
  settings: Readonly<Record<string, string>>,
  config: Readonly<Record<string, string>>,
): Promise<unknown> {
  return runPython(AIRFLOW, {
    script: here(script),
    files: { ...under("settings", settings), ...under("config", config) },
    args: ["{folder}"],
    modules: [here("../../fab/tests"), here(".")],
  });
}
