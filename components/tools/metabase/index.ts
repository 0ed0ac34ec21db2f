import { tool } from "../tool.ts";
import { metabaseContract } from "./contract.ts";

/** Metabase, as the registry holds it: the component is loaded where it is needed. */
export const metabase = tool(metabaseContract, () => import("./metabase.ts"));
