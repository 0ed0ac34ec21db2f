import type { Settings } from "./settings/schema.ts";
import type { ToolContract, ToolSettings } from "./tool-contract.ts";

/** A tool that an environment has. */
export interface DeclaredTool {
  /** The tool's id; for one of several under a key (`tools.custom.<name>`) its name. */
  readonly id: string;
  readonly contract: ToolContract;
  readonly tool: ToolSettings;
  /** Where its settings stand, for problems. */
  readonly path: readonly string[];
}

/** The tools of an environment, in the order of the contracts, then by name. */
export function declaredTools({ tools }: Pick<Settings, "tools">, contracts: readonly ToolContract[]): DeclaredTool[] {
  const ids = new Set(contracts.map(({ id }) => id));
  return contracts.flatMap((contract): DeclaredTool[] => {
    const { id, named } = contract;
    if (named === undefined) {
      const tool = tools[id];
      return tool === undefined ? [] : [{ id, contract, tool, path: ["tools", id] }];
    }
    return Object.entries(tools)
      .filter(([name]) => !ids.has(name))
      .map(([name, tool]) => ({ id: name, contract: named(name), tool, path: ["tools", id, name] }));
  });
}
