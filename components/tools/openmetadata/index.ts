import { tool } from "../tool.ts";
import { openMetadataContract } from "./contract.ts";

/** OpenMetadata, as the registry holds it: the component is loaded where it is needed. */
export const openmetadata = tool(openMetadataContract, () => import("./openmetadata.ts"));
