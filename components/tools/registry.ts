import type { ToolContract, ToolSettings } from "../../model/tool-contract.ts";
import { openMetadataContract } from "./openmetadata/contract.ts";
import { supersetContract } from "./superset/contract.ts";
import { type DeployTool, type Tool, tool } from "./tool.ts";

/** The tools that Entrada knows, one line each. */
export const tools: readonly Tool[] = [
  tool(openMetadataContract, () => import("./openmetadata/openmetadata.ts")),
  tool(supersetContract, () => import("./superset/superset.ts")),
];

/** What is known of them without Pulumi. */
export const contracts: readonly ToolContract[] = tools.map(({ contract }) => contract);

/** The component of a tool, by its contract's id. Throws for an id that nothing is registered under. */
export function loadTool(id: string): Promise<DeployTool<ToolSettings>> {
  const found = tools.find(({ contract }) => contract.id === id);
  if (found === undefined) throw new Error(`No tool is registered as "${id}".`);
  return found.load();
}
