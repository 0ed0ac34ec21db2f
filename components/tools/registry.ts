import type { ToolContract, ToolSettings } from "../../model/tool-contract.ts";
import * as registered from "./registered.ts";
import type { DeployTool, Tool } from "./tool.ts";

/** The tools that Entrada knows, in the order of their names. */
export const tools: readonly Tool[] = Object.values(registered);

/** What is known of them without Pulumi. */
export const contracts: readonly ToolContract[] = tools.map(({ contract }) => contract);

/** The component of a tool, by its contract's id. Throws for an id that nothing is registered under. */
export function loadTool(id: string): Promise<DeployTool<ToolSettings>> {
  const found = tools.find(({ contract }) => contract.id === id);
  if (found === undefined) throw new Error(`No tool is registered as "${id}".`);
  return found.load();
}
