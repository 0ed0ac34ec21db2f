import { findLeftover } from "../supervisor/control-client.ts";
import type { SupervisorRecord } from "../supervisor/record.ts";
import type { StackState } from "./state.ts";

/** A step that an interrupted run had begun and not recorded as done. */
interface PendingOperation {
  readonly type: string;
  readonly resource: {
    readonly urn: string;
    readonly type: string;
    readonly custom: boolean;
    readonly inputs?: Record<string, unknown>;
  };
}

interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly outputs?: Record<string, unknown>;
  delete?: boolean;
}

interface Deployment {
  resources?: RecordedResource[];
  pending_operations?: PendingOperation[];
}

/** The stack itself, as the engine keeps it among the resources. */
const rootType = "pulumi:pulumi:Stack";

/** What became of one interrupted step. */
export interface Recovered {
  readonly urn: string;
  readonly outcome: "adopted" | "not-created" | "checked";
  /** The provider's id of what was taken into the state. */
  readonly id?: string;
}

/** How the last run had ended. */
export interface Recovery {
  /** One entry for each interrupted step; empty when there was none. */
  readonly steps: readonly Recovered[];
  /** Whether the run had got as far as the stack's outputs, which it writes last: no preview shows that they are missing. */
  readonly complete: boolean;
}

/**
 * Puts the state right after a killed run. What was created but not recorded is found by its natural key and taken into
 * the state; what was not created is forgotten; then a refresh reads everything else from its source, so that finished
 * and unfinished updates and deletions are seen as they are.
 */
export async function recoverInterrupted(
  state: StackState,
  refresh: () => Promise<unknown>,
  sandbox: Pick<SupervisorRecord, "control">,
): Promise<Recovery> {
  const exported = await state.export();
  const deployment = (exported.deployment ?? {}) as Deployment;
  const pending = deployment.pending_operations ?? [];
  const resources = deployment.resources ?? [];
  const complete = resources.some(({ type, outputs = {} }) => type === rootType && Object.keys(outputs).length > 0);
  if (pending.length === 0) return { steps: [], complete };

  const recovered: Recovered[] = [];
  for (const { type, resource } of pending) {
    const id = type === "creating" ? await findLeftover(sandbox, referenceOf(resource)) : undefined;
    const recorded = resources.find((candidate) => candidate.urn === resource.urn && !candidate.delete);
    if (id === undefined || recorded?.id === id) {
      recovered.push({ urn: resource.urn, outcome: type === "creating" && !recorded ? "not-created" : "checked" });
      continue;
    }
    // The new half of a replacement: the old one is still to be deleted, as the engine itself would have noted.
    if (recorded) recorded.delete = true;
    resources.push({ ...resource, id });
    recovered.push({ urn: resource.urn, outcome: "adopted", id });
  }
  await state.import({ ...exported, deployment: { ...deployment, resources, pending_operations: [] } });
  await refresh();
  return { steps: recovered, complete };
}

/** The inputs by which a leftover can be known; ciphertext says nothing about a natural key and is left out. */
function referenceOf({ type, urn, inputs = {} }: PendingOperation["resource"]) {
  const isSecret = (value: unknown) => typeof value === "object" && value !== null && "ciphertext" in value;
  return { type, urn, inputs: Object.fromEntries(Object.entries(inputs).filter(([, value]) => !isSecret(value))) };
}
