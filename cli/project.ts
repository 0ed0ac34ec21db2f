import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse as parseYaml, YAMLParseError } from "yaml";
import { contracts } from "../components/tools/registry.ts";
import {
  configText,
  formatProblems,
  type ParseOptions,
  parseSettings,
  type Settings,
  settingsFromConfig,
} from "../model/index.ts";
import { type SandboxLayout, sandboxLayout } from "../sandbox/layout.ts";
import { Refusal } from "./output.ts";
import { stackPath } from "./stack-files.ts";

/** The checkout's folder. */
export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The sandbox of this checkout: `.entrada/`, or the folder that ENTRADA_SANDBOX names. */
export function checkoutLayout(): SandboxLayout {
  return sandboxLayout(process.env.ENTRADA_SANDBOX || join(projectRoot, ".entrada"));
}

export function stackFile(stack: string): string {
  const file = stackPath(projectRoot, stack);
  if (!existsSync(file))
    throw new Refusal(
      `There is no stack file ${file}. Name one of the files in stacks/ without "Pulumi." and ".yaml".`,
    );
  return file;
}

/**
 * Reads a stack file's `entrada:` keys. All problems come at once, with their places.
 * @param options what is not looked at, for commands that show it themselves
 */
export function loadSettings(file: string, options: ParseOptions = {}): Settings {
  return settingsIn(readFileSync(file, "utf8"), file, options);
}

/**
 * The settings in a stack file's text.
 * @param name how messages call the file
 */
export function settingsIn(text: string, name: string, options: ParseOptions = {}): Settings {
  const parsed = parseSettings(settingsFromConfig(configIn(text, name)), contracts, options);
  if (!parsed.ok) throw new Refusal(`${name} cannot be used:\n${formatProblems(parsed.problems)}`);
  return parsed.settings;
}

/** A stack file's configuration in the form in which the engine hands it to a program: objects are JSON text. */
export function readConfig(file: string): Record<string, string> {
  return configIn(readFileSync(file, "utf8"), file);
}

function configIn(text: string, name: string): Record<string, string> {
  let content: unknown;
  try {
    // A preview's JSON (`pulumi preview --json`) has the same map, and may be large: YAML's parser would take seconds.
    content = text.startsWith("{") ? JSON.parse(text) : parseYaml(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refusal(`${name} is not JSON: ${error.message}`);
    if (error instanceof YAMLParseError) throw new Refusal(`${name} is not YAML: ${error.message}`);
    throw error;
  }
  const config = (content as { config?: Record<string, unknown> } | null)?.config;
  if (typeof config !== "object" || config === null) {
    throw new Refusal(`${name} has no "config:" map. Put the settings there, each as "entrada:<key>".`);
  }
  return configText(config);
}
