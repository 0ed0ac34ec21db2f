import { readFileSync } from "node:fs";

/** What tools built with Flask-AppBuilder share of their configuration, in the order of the names. */
const SHARED_FILE_NAMES = [
  "entrada_identity.py",
  "entrada_partners.py",
  "entrada_pod.py",
  "entrada_sign_in.py",
] as const;

/** Name → content of a folder's files, as they are. */
export function readFiles(folder: URL, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, readFileSync(new URL(name, folder), "utf8")]));
}

/** The Python that is deployed beside the configuration of every such tool. */
export function sharedConfigFiles(): Record<string, string> {
  return readFiles(new URL("./config/", import.meta.url), SHARED_FILE_NAMES);
}

/** A settings file for the tool's configuration to read, in a form that people and policies read too. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
