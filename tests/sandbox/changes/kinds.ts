import { readFileSync } from "node:fs";
import { type Document, parseDocument } from "yaml";
import type { DeclaredTool, ToolRole } from "../../../model/index.ts";

/** Kinds of change to one tool's settings, as somebody would make them in a stack file. */
export const kinds = ["off", "host", "upgrade", "team"] as const;
export type Kind = (typeof kinds)[number];

export interface Change {
  readonly tool: string;
  readonly kind: Kind;
  /** What is done, in words. */
  readonly title: string;
  /** The changed stack file. */
  readonly text: string;
}

interface StackFile {
  readonly config: { readonly "entrada:partners"?: Record<string, { tools?: Record<string, unknown> }> };
}

/** Every change that can be made to the tools of a stack file. */
export function changesOf(stackFile: string, domain: string, tools: readonly DeclaredTool[]): Change[] {
  const text = readFileSync(stackFile, "utf8");
  return tools.flatMap((tool) =>
    kinds.flatMap((kind) => {
      const document = parseDocument(text);
      const title = edits[kind](document, tool, domain);
      return title === undefined ? [] : [{ tool: tool.id, kind, title, text: document.toString() }];
    }),
  );
}

/** Makes the change in the document and says what it did; undefined where the tool has no such thing. */
type Edit = (document: Document, tool: DeclaredTool, domain: string) => string | undefined;

const edits: Record<Kind, Edit> = {
  off: (document, { id, path }) => {
    document.deleteIn(keysOf(path));
    // Partners name the tools that they open, so they go from there as well.
    const { "entrada:partners": partners = {} } = (document.toJS() as StackFile).config;
    for (const [key, { tools = {} }] of Object.entries(partners)) {
      if (id in tools) document.deleteIn(["config", "entrada:partners", key, "tools", id]);
    }
    return "the tool is taken out";
  },
  host: (document, { id, path }, domain) => {
    const host = `${id}-renamed.${domain}`;
    document.setIn(keysOf(path, "host"), host);
    return `its host becomes ${host}`;
  },
  // A contract knows the versions that it was tested with; within one, an upgrade is a new build of the image.
  upgrade: (document, { tool, path }) => {
    const image = (tool as { image?: unknown }).image;
    if (typeof image !== "string") return undefined;
    if (image.includes("@")) throw new Error(`${path.join(".")}.image has a digest: name the sandbox's images by tag.`);
    document.setIn(keysOf(path, "image"), `${image}-2`);
    return `its image becomes ${image}-2`;
  },
  team: (document, tool) => {
    const move = teamMove(tool);
    if (move === undefined) return undefined;
    const { access } = tool.tool;
    const { team, from, to } = move;
    const access2 = {
      ...access,
      [from]: (access[from] ?? []).filter((key) => key !== team),
      [to]: [...(access[to] ?? []), team],
    };
    document.setIn(keysOf(tool.path, "access"), access2);
    return `${team} moves from ${from} to ${to}`;
  },
};

/** The last team of the first role without admin rights that has one, and the next role that could take it. */
function teamMove({ contract, tool }: DeclaredTool): { team: string; from: string; to: string } | undefined {
  const forPeople = ({ admin, holders }: ToolRole) => !admin && (holders?.includes("User") ?? true);
  const roles = contract
    .roles(tool)
    .filter(forPeople)
    .map(({ value }) => value);
  const index = roles.findIndex((role) => (tool.access[role] ?? []).length > 0);
  const from = roles[index];
  const team = tool.access[from ?? ""]?.at(-1);
  const to = roles[(index + 1) % roles.length];
  if (from === undefined || team === undefined || to === undefined || to === from) return undefined;
  return { team, from, to };
}

/** Keys of a tool's settings in a stack file. */
function keysOf(path: readonly string[], ...below: string[]): string[] {
  const [first = "", ...rest] = path;
  return ["config", `entrada:${first}`, ...rest, ...below];
}
