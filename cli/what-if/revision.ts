import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Settings } from "../../model/index.ts";
import { settingsIn } from "../project.ts";

/** One of two settings that are compared. */
export interface Side {
  /** How messages call it. @example "main (6ef1116b)" */
  readonly name: string;
  readonly settings: Settings;
}

/** Why a text names no settings, in a sentence. */
export class NoSuchSide extends Error {}

/**
 * The settings that a text names: a stack file by its path, or else a git revision, whose own stack file is read.
 * @param root folder of the checkout: paths and revisions are looked up there
 * @throws NoSuchSide when it is neither
 */
export function readSide(text: string, stack: string, root: string): Side {
  const file = resolve(root, text);
  if (existsSync(file) && statSync(file).isFile())
    return { name: text, settings: settingsIn(readFileSync(file, "utf8"), text, { lockOuts: true }) };
  const commit = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${text}^{commit}`)?.trim();
  if (commit === undefined)
    throw new NoSuchSide(`"${text}" is neither a stack file nor a git revision of this checkout.`);
  const path = `stacks/Pulumi.${stack}.yaml`;
  const content = git(root, "show", `${commit}:./${path}`);
  if (content === undefined) throw new NoSuchSide(`The revision "${text}" has no ${path}.`);
  const name = `${text} (${commit.slice(0, 8)})`;
  return { name, settings: settingsIn(content, `${path} of ${name}`, { lockOuts: true }) };
}

/** The two sides of `A..B`, or the one of `A`. A file whose name has dots in it stays one side. */
export function sidesOf(text: string, root: string): { readonly from: string; readonly to?: string } {
  const [, from, to] = /^(.+?)\.\.([^./].*)$/.exec(text) ?? [];
  return from === undefined || to === undefined || existsSync(resolve(root, text)) ? { from: text } : { from, to };
}

/** What git prints; undefined where it says no, or is not there. */
function git(root: string, ...args: string[]): string | undefined {
  try {
    return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}
