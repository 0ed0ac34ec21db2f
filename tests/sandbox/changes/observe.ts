import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { loadSettings, stackFile } from "../../../cli/project.ts";
import { type OpenSandbox, openSandbox } from "../../../cli/sandbox-session.ts";
import { contracts } from "../../../components/tools/registry.ts";
import { declaredTools } from "../../../model/index.ts";
import { type ResourceChange, shortName } from "../../../sandbox/engine/changes.ts";
import { previewStack } from "../../../sandbox/engine/operations.ts";
import { openStack } from "../../../sandbox/engine/workspace.ts";
import { type Change, changesOf } from "./kinds.ts";

/** Operation (create, update, replace, delete) → provider and type, such as `kubernetes ConfigMap` → how many. */
export type Operations = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What the engine would do. */
export interface Observed {
  readonly operations: Operations;
  /** What it would touch outside the tool. */
  readonly foreign: readonly string[];
}

const file = stackFile("sandbox");
const settings = loadSettings(file);

/** Every change to the tools of the sample company. */
export const changes: readonly Change[] = changesOf(file, settings.domain, declaredTools(settings, contracts));

/** The sample company's stack, opened once for many previews. Nothing is ever applied. */
export class Observer {
  readonly #session: OpenSandbox;
  readonly #folder: string;

  private constructor(session: OpenSandbox) {
    this.#session = session;
    this.#folder = mkdtempSync(join(tmpdir(), "entrada-changes-"));
  }

  /** Needs ENTRADA_SANDBOX to name a sandbox in which the stack is up. */
  static async open(): Promise<Observer> {
    return new Observer(await openSandbox({ stack: "sandbox", stackFile: file, settings }));
  }

  /** The unchanged settings. */
  unchanged(): Promise<Observed> {
    return this.#preview(file, undefined);
  }

  async observe({ tool, kind, text }: Change): Promise<Observed> {
    const changed = join(this.#folder, `Pulumi.${tool}-${kind}.yaml`);
    writeFileSync(changed, text);
    loadSettings(changed);
    return this.#preview(changed, tool);
  }

  /** Gives the stack its own settings back. */
  async close(): Promise<void> {
    await openStack(this.#session.request);
    this.#session.close();
    rmSync(this.#folder, { recursive: true });
  }

  async #preview(changed: string, tool: string | undefined): Promise<Observed> {
    const collected = await previewStack(await openStack({ ...this.#session.request, stackFile: changed }));
    return {
      operations: countOperations(collected.changes),
      foreign: collected.changes
        .filter(({ urn }) => collected.ownerOf(urn) !== tool && !isAboutEveryTool(urn))
        .map(({ urn }) => shortName(urn)),
    };
  }
}

/** A policy of Conditional Access names each tool that it guards: it is the business of every one of them. */
function isAboutEveryTool(urn: string): boolean {
  return shortType(urn) === "azuread ConditionalAccessPolicy";
}

/** The row as the table has it, to paste. */
export function asRow({ tool, kind }: Change, operations: Operations): string {
  return stringify({ [tool]: { [kind]: operations } }, { indent: 2 });
}

/** The steps of a replacement are counted once, as what they are together. Components are no resources of anybody. */
function countOperations(changed: readonly ResourceChange[]): Operations {
  const operationOf = new Map(changed.map(({ urn, op }) => [urn, op.includes("replace") ? "replace" : op]));
  const counts: Record<string, Record<string, number>> = {};
  for (const [urn, operation] of [...operationOf].sort()) {
    const type = shortType(urn);
    if (type === undefined) continue;
    counts[operation] = { ...counts[operation], [type]: (counts[operation]?.[type] ?? 0) + 1 };
  }
  return Object.fromEntries(
    Object.entries(counts)
      .sort()
      .map(([operation, types]) => [operation, Object.fromEntries(Object.entries(types).sort())]),
  );
}

/** `azuread:index/group:Group` → `azuread Group`; undefined for components. */
function shortType(urn: string): string | undefined {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const [provider, , name] = type.split(":");
  return provider === "entrada" ? undefined : `${provider} ${name}`;
}
