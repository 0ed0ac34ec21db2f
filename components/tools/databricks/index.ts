import { tool } from "../tool.ts";
import { databricksContract } from "./contract.ts";

/** Azure Databricks, as the registry holds it: the component is loaded where it is needed. */
export const databricks = tool(databricksContract, () => import("./databricks.ts"));
