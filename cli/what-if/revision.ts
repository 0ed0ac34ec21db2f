import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Settings } from "../../model/index.ts";
import { settingsIn } from "../project.ts";
import { stackNamesAmong } from "../stack-files.ts";

/** One of two settings that are compared. */
export interface Side {
  /** How messages call it. @example "main (6ef1116b)" */
  readonly name: string;
  readonly settings: Settings;
}

/** Why a text names no settings, in a sentence. */
export class NoSuchSide extends Error {}

/** A revision that is there, without the environment's stack file: the environment is new, or was removed. */
export class NoStackFile extends NoSuchSide {
  /** How messages call the revision. */
  readonly revision: string;
  constructor(revision: string, message: string) {
    super(message);
    this.revision = revision;
  }
}

/**
 * The settings that a text names: a stack file by its path, or else a git revision, whose own stack file is read, or
 * `<revision>:<path>` as git writes it. Nothing is checked out.
 * @param root folder of the checkout: paths and revisions are looked up there
 * @throws NoSuchSide when it is none of these
 */
export function readSide(text: string, stack: string, root: string): Side {
  const file = resolve(root, text);
  if (existsSync(file) && statSync(file).isFile())
    return { name: text, settings: settingsIn(readFileSync(file, "utf8"), text, { lockOuts: true }) };
  const [revision, ownPath] = split(text);
  const commit = commitOf(root, revision);
  if (commit === undefined)
    throw new NoSuchSide(`"${text}" is neither a stack file nor a git revision of this checkout.`);
  const path = ownPath ?? `stacks/Pulumi.${stack}.yaml`;
  const content = git(root, "show", `${commit}:${ownPath === undefined ? "./" : ""}${path}`);
  const name = `${revision} (${commit.slice(0, 8)})`;
  if (content === undefined) {
    const message = `The revision "${revision}" has no ${path}.`;
    throw ownPath === undefined ? new NoStackFile(name, message) : new NoSuchSide(message);
  }
  const called = ownPath === undefined ? name : `${path} of ${name}`;
  return {
    name: called,
    settings: settingsIn(content, ownPath === undefined ? `${path} of ${name}` : called, { lockOuts: true }),
  };
}

/** The two sides of `A..B`, or the one of `A`. A file whose name has dots in it stays one side. */
export function sidesOf(text: string, root: string): { readonly from: string; readonly to?: string } {
  const [, from, to] = /^(.+?)\.\.([^./].*)$/.exec(text) ?? [];
  return from === undefined || to === undefined || existsSync(resolve(root, text)) ? { from: text } : { from, to };
}

/**
 * The commit from which the checked out branch parted from `main`, or from `origin/main` where there is no `main`.
 * @returns undefined where there is neither, or no git
 */
export function mergeBase(root: string): string | undefined {
  const main = ["main", "origin/main"].find((branch) => commitOf(root, branch) !== undefined);
  return main === undefined ? undefined : git(root, "merge-base", main, "HEAD")?.trim();
}

/** Names of the stacks whose files a revision has. */
export function stacksIn(root: string, revision: string): string[] {
  const commit = commitOf(root, revision);
  const listed = commit === undefined ? undefined : git(root, "ls-tree", "--name-only", commit, "./stacks/");
  return stackNamesAmong((listed ?? "").split("\n"));
}

/** `--end-of-options`: what stands in the text is never taken as an option. */
function commitOf(root: string, revision: string): string | undefined {
  return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`)?.trim();
}

/** `<revision>:<path>`; a revision itself has no colon. */
function split(text: string): [revision: string, path?: string] {
  const at = text.indexOf(":");
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** What git prints; undefined where it says no, or is not there. */
function git(root: string, ...args: string[]): string | undefined {
  try {
    return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}
