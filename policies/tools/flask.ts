import { readPythonSettings } from "../readers/python-settings.ts";
import type { ConfigFile } from "./settings.ts";

/** Flask-AppBuilder's settings in Python: Superset's file, and Airflow's for its FAB auth manager. */
export interface FlaskSettings {
  readonly tool: "superset" | "airflow";
  readonly path: string;
  /** Name → expression. */
  readonly settings: ReadonlyMap<string, string>;
}

const files: Readonly<Record<string, FlaskSettings["tool"]>> = {
  "superset_config.py": "superset",
  "webserver_config.py": "airflow",
};

/** The settings of such a file; undefined for any other. */
export function flaskSettings({ name, path, text }: ConfigFile): FlaskSettings | undefined {
  const tool = files[name];
  return tool === undefined ? undefined : { tool, path, settings: readPythonSettings(text) };
}
