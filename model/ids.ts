import { v5 } from "uuid";

/** Namespace of every id that Entrada computes. A change would give every app role a new id and end all assignments. */
const NAMESPACE = "7c0f3a52-61d4-5d0b-9a0e-3f2f8c1be6a4";

/**
 * A GUID (UUIDv5) that follows from the parts alone: the same on every machine and at every run. The parts are kept
 * apart, so ("a", "bc") and ("ab", "c") differ.
 */
export function stableId(...parts: readonly string[]): string {
  return v5(JSON.stringify(parts), NAMESPACE);
}

/** Id of a tool's app role. It follows from tool and value, so that a role's display name may change freely. */
export function roleId(tool: string, role: string): string {
  return stableId("app-role", tool, role);
}
