// The tools that Entrada knows, one line each (docs/add-a-tool.md). Whoever needs them takes them from registry.ts.
export { superset } from "./superset/index.ts";
