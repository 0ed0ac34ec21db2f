import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { PythonPackages } from "./environment.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

/** Tools whose images are known as Python packages: how they are called, and what Python all their packages run on. */
const TOOLS = {
  superset: { displayName: "Superset", pythonVersions: ">=3.10,<3.13" },
  airflow: { displayName: "Airflow", pythonVersions: ">=3.11,<3.13" },
} as const;

/** A tool of which packages are locked. */
export type PythonTool = keyof typeof TOOLS;

export const PYTHON_TOOLS = Object.keys(TOOLS) as readonly PythonTool[];

/** The versions of a tool that are locked here, newest first. */
export function lockedVersions(tool: PythonTool): readonly string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.startsWith(`${tool}-`))
    .map((name) => name.slice(tool.length + 1))
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
}

/** The packages of one version. @throws Error for a version that is not locked */
export function lockedPackages(tool: PythonTool, version: string): PythonPackages {
  const versions = lockedVersions(tool);
  const { displayName, pythonVersions } = TOOLS[tool];
  if (!versions.includes(version)) {
    throw new Error(`${displayName} ${version} is not locked in toolchain/python; there is ${versions.join(", ")}.`);
  }
  return { name: `${displayName} ${version}`, pythonVersions, lock: `${FOLDER}${tool}-${version}/requirements.txt` };
}
