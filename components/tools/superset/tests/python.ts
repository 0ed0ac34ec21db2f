import { fileURLToPath } from "node:url";
import { lockedPackages } from "../../../../toolchain/python/locks.ts";
import { runPython, under } from "../../../testing/python.ts";
import type { MappedRoles } from "../../fab/tests/mapped-roles.ts";
import { configFiles } from "../settings-files.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The version that a settings file is for; its own packages read it. */
const versionOf = (files: Readonly<Record<string, string>>): string =>
  (JSON.parse(files["settings.json"] ?? "") as { version: string }).version;

/**
 * What real Superset makes of a ConfigMap's files: the roles for each app role's value.
 *
 * @param files `settings.json` and `roles.json`, as the ConfigMap `superset-settings` holds them
 * @param config the files of the ConfigMap `superset-config`; by default those of the checkout
 */
export async function mappedRoles(
  files: Readonly<Record<string, string>>,
  config: Readonly<Record<string, string>> = configFiles(),
): Promise<MappedRoles> {
  return (await runScript("check_config.py", files, config)) as MappedRoles;
}

/** Runs the configuration through what observe.py tries, in the Superset of the settings' version, and returns what it saw. */
export function observe(files: Readonly<Record<string, string>>): Promise<unknown> {
  return runScript("observe.py", files, configFiles());
}

function runScript(
  script: string,
  files: Readonly<Record<string, string>>,
  config: Readonly<Record<string, string>>,
): Promise<unknown> {
  // Real Superset, Flask-AppBuilder and Authlib.
  return runPython(lockedPackages("superset", versionOf(files)), {
    script: here(script),
    files: { ...files, ...under("config", config) },
    args: ["{folder}/settings.json", "{folder}/roles.json", "{folder}/config"],
    modules: [here("../../fab/tests")],
  });
}
