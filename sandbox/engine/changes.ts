import type { EngineEvent, OpType } from "@pulumi/pulumi/automation/index.js";

/** One resource that an operation touches, or would touch. */
export interface ResourceChange {
  readonly op: OpType;
  readonly urn: string;
  /** Property paths that differ, in the engine's syntax. */
  readonly properties: readonly string[];
}

/** A rule of the policy pack that a resource breaks. */
export interface Violation {
  readonly policy: string;
  readonly level: string;
  readonly urn?: string;
  readonly message: string;
}

/** Listens to an operation of the engine and keeps what a person wants to know of it. */
export class ChangeCollector {
  readonly changes: ResourceChange[] = [];
  readonly violations: Violation[] = [];
  readonly errors: string[] = [];
  /** How many resources the engine is done with; for progress. */
  finished = 0;
  /** URN → URN of its parent, of everything that the engine spoke of. */
  readonly #parents = new Map<string, string>();
  readonly #kept = new Set<string>();

  readonly onEvent = (event: EngineEvent): void => {
    const step = event.resOutputsEvent?.metadata ?? event.resourcePreEvent?.metadata;
    if (event.resOutputsEvent) this.finished++;
    const parent = step?.new?.parent ?? step?.old?.parent;
    if (step && parent) this.#parents.set(step.urn, parent);
    if (step && !step.op.includes("delete") && !isOwn(step.urn)) this.#kept.add(step.urn);
    if (step && isChange(step.op) && !this.changes.some((known) => known.urn === step.urn && known.op === step.op)) {
      this.changes.push({ op: step.op, urn: step.urn, properties: Object.keys(step.detailedDiff ?? {}) });
    }
    if (event.policyEvent) {
      const { policyName, enforcementLevel, resourceUrn, message } = event.policyEvent;
      this.violations.push({ policy: policyName, level: enforcementLevel, urn: resourceUrn, message: plain(message) });
    }
    if (event.diagnosticEvent?.severity === "error") this.errors.push(plain(event.diagnosticEvent.message));
  };

  /** Whether the program itself threw, outside any resource. */
  get programFailed(): boolean {
    return this.errors.some((text) => text.startsWith("Unhandled exception"));
  }

  /** Violations that stop an operation. */
  get mandatory(): Violation[] {
    return this.violations.filter(({ level }) => level === "mandatory");
  }

  /** How many resources the stack has after the operation: what a provider keeps, without components and providers. */
  get resources(): number {
    return this.#kept.size;
  }

  /** Name of the resource below the stack that one belongs to: a tool's id for everything of that tool. */
  ownerOf(urn: string): string {
    const parent = this.#parents.get(urn);
    if (parent === undefined || parent.split("::")[2] === "pulumi:pulumi:Stack") return urn.split("::").at(-1) ?? urn;
    return this.ownerOf(parent);
  }

  /** Number of changes by operation. */
  get counts(): Partial<Record<OpType, number>> {
    const counts: Partial<Record<OpType, number>> = {};
    for (const { op } of this.changes) counts[op] = (counts[op] ?? 0) + 1;
    return counts;
  }
}

/** The last part of a URN, with the type's: `Group analysts`. */
export function shortName(urn: string): string {
  const [, , type = "", name = urn] = urn.split("::");
  return `${type.split(":").at(-1)} ${name}`;
}

/** Whether a URN is the program's own structure: a stack, a component or a provider. */
function isOwn(urn: string): boolean {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return type.startsWith("pulumi:") || type.startsWith("entrada:");
}

function isChange(op: OpType): boolean {
  return op !== "same" && op !== "read" && op !== "refresh";
}

/** The engine's texts carry colour directives such as `<{%fg 1%}>`. */
function plain(text: string): string {
  return text.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
}
