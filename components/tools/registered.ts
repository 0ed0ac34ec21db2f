// The tools that Entrada knows, one line each (docs/add-a-tool.md). Whoever needs them takes them from registry.ts.
export { airflow } from "./airflow/index.ts";
export { custom } from "./custom/index.ts";
export { databricks } from "./databricks/index.ts";
export { metabase } from "./metabase/index.ts";
export { openmetadata } from "./openmetadata/index.ts";
export { superset } from "./superset/index.ts";
