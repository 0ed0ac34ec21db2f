import { tool } from "../tool.ts";
import { supersetContract } from "./contract.ts";

/** Superset, as the registry holds it: its component is loaded where it is needed. */
export const superset = tool(supersetContract, () => import("./superset.ts"));
