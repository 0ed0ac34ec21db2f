import type { ToolContract } from "../../model/tool-contract.ts";
import { supersetContract } from "./superset/contract.ts";

/** The tools that Entrada knows, one line each. */
export const contracts: readonly ToolContract[] = [supersetContract];
