import { tool } from "../tool.ts";
import { airflowContract } from "./contract.ts";

/** Airflow, as the registry holds it: the component is loaded where it is needed. */
export const airflow = tool(airflowContract, () => import("./airflow.ts"));
