import type { DeclaredTool } from "../declared-tools.ts";
import { reference } from "./declared.ts";

/** What policies know a tool by: the client id of its registration, or of the platform that Entra is built into. */
export function conditionalAccessTarget({ id, contract }: Pick<DeclaredTool, "id" | "contract">): string {
  return contract.conditionalAccessTarget ?? reference("tool", id);
}
