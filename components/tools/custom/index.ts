import { tool } from "../tool.ts";
import { customContract } from "./contract.ts";

/** A company's own web apps, as the registry holds it: the component is loaded where it is needed. */
export const custom = tool(customContract, () => import("./custom.ts"));
