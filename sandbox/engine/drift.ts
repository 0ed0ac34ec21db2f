import type { EngineEvent, StepEventStateMetadata } from "@pulumi/pulumi/automation/index.js";

/** What somebody changed behind the state's back. */
export interface Drift {
  readonly urn: string;
  readonly kind: "deleted" | "changed";
  /** Top-level properties that differ, in order; empty for a deletion. */
  readonly properties: readonly string[];
}

/** Listens to a refresh and keeps what it found to differ from the state. */
export class DriftCollector {
  readonly found: Drift[] = [];

  readonly onEvent = (event: EngineEvent): void => {
    const step = event.resOutputsEvent?.metadata;
    if (!step?.old) return;
    if (step.op === "delete" || !step.new) {
      this.found.push({ urn: step.urn, kind: "deleted", properties: [] });
      return;
    }
    const properties = differing(step.old, step.new);
    if (properties.length > 0) this.found.push({ urn: step.urn, kind: "changed", properties });
  };
}

function differing(old: StepEventStateMetadata, live: StepEventStateMetadata): string[] {
  const names = new Set([...Object.keys(old.inputs ?? {}), ...Object.keys(live.inputs ?? {})]);
  return [...names].filter((name) => !same(old.inputs?.[name], live.inputs?.[name])).sort();
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
