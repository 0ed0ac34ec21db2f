import { type ChangeCollector, shortName } from "../sandbox/engine/changes.ts";
import type { Drift } from "../sandbox/engine/drift.ts";
import type { OperationFailed } from "../sandbox/engine/operations.ts";
import type { Recovered } from "../sandbox/engine/recover.ts";

/** What the sandbox's commands say about an operation, in plain lines. */

export function describeChanges({ changes }: ChangeCollector): string[] {
  return changes.map(
    ({ op, urn, properties }) => `${op} ${shortName(urn)}${properties.length > 0 ? ` (${properties.join(", ")})` : ""}`,
  );
}

export function summarise(counts: Readonly<Partial<Record<string, number>>>, nothing: string): string {
  const parts = Object.entries(counts).map(([op, count]) => `${count} ${op}`);
  return parts.length > 0 ? parts.join(", ") : nothing;
}

export function describeDrift(drift: readonly Drift[]): string[] {
  if (drift.length === 0) return ["everything is as the stack left it"];
  return drift.map(({ kind, urn, properties }) =>
    kind === "deleted"
      ? `${shortName(urn)} was deleted behind the stack's back and will be made again`
      : `${shortName(urn)} was changed behind the stack's back (${properties.join(", ")}) and will be put right`,
  );
}

export function describeRecovery({
  staleLocks,
  recovered,
}: {
  staleLocks: number;
  recovered: readonly Recovered[];
}): string[] {
  const lines = staleLocks > 0 ? ["the last run was killed: its lock was taken from a process that is gone"] : [];
  for (const { urn, outcome, id } of recovered) {
    if (outcome === "adopted")
      lines.push(`${shortName(urn)} had been created but not recorded: taken into the state as ${id}`);
    if (outcome === "not-created") lines.push(`${shortName(urn)} had not been created yet`);
    if (outcome === "checked") lines.push(`${shortName(urn)} was interrupted: read anew from its source`);
  }
  return lines;
}

/** The reasons of a failed operation: broken rules first, then the engine's own errors. */
export function describeFailure({ message, collected }: OperationFailed): string {
  const violations = collected.mandatory.map(
    ({ policy, urn, message: text }) => `Policy ${policy}${urn ? `, ${shortName(urn)}` : ""}: ${text}`,
  );
  if (violations.length > 0) return `The policies stop this; nothing was changed.\n${violations.join("\n")}`;
  return collected.errors.length > 0 ? collected.errors.join("\n") : message;
}
