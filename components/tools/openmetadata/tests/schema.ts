import { fileURLToPath } from "node:url";
import type { PythonPackages } from "../../../../toolchain/python/environment.ts";
import { runPython } from "../../../testing/python.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** OpenMetadata's published schema. */
const SCHEMA: PythonPackages = {
  name: "OpenMetadata",
  pythonVersions: ">=3.10,<3.13",
  lock: here("../test-requirements.txt"),
  partial: true,
};

/** Part of a server's configuration → what OpenMetadata's own schema refuses in it, one sentence each. */
export type Refusals = Readonly<Record<string, readonly string[]>>;

/** Reads configurations with OpenMetadata's own models, all in one run: to load them takes seconds. */
export async function schemaRefusals(configs: readonly string[]): Promise<readonly Refusals[]> {
  const files = Object.fromEntries(configs.map((config, index) => [`${index}.json`, config]));
  const args = Object.keys(files).map((name) => `{folder}/${name}`);
  return (await runPython(SCHEMA, { script: here("check_schema.py"), files, args })) as Refusals[];
}
