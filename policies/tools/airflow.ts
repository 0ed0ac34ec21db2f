import { readIni } from "../readers/ini.ts";
import type { ConfigFile, Process } from "./settings.ts";

/** Airflow's options in one place: an `airflow.cfg`, or a container's variables. */
export interface AirflowOptions {
  /** Value of `section.key`; undefined where it is not there or not known. */
  get(option: string): string | undefined;
  /** Whether it stands there, known or not. */
  has(option: string): boolean;
  /** Path of the property that holds it. */
  at(option: string): string;
  /** Whether these are all options, so that Airflow's default holds for what is not there. */
  readonly complete: boolean;
}

/**
 * Options of an `airflow.cfg`; undefined for any other file. It counts as complete: what a server must not run without stands
 * in the file, where it can be read at once, and not in the environment of each part.
 */
export function airflowFile({ name, path, text }: ConfigFile): AirflowOptions | undefined {
  if (!/^airflow.*\.cfg$/.test(name)) return undefined;
  const options = readIni(text);
  return {
    get: (option) => options.get(option),
    has: (option) => options.has(option),
    at: (option) => `${path} ${option}`,
    complete: true,
  };
}

/** `AIRFLOW__SECTION__KEY`, which goes before the file. */
function variableOf(option: string): string {
  const [section = "", key = ""] = option.split(".");
  return `AIRFLOW__${section.toUpperCase()}__${key.toUpperCase()}`;
}

/** Options in a container's environment; undefined where there is none. */
export function airflowEnvironment({ path, env }: Process): AirflowOptions | undefined {
  if (![...env.keys()].some((name) => name.startsWith("AIRFLOW__"))) return undefined;
  return {
    get: (option) => {
      const found = env.get(variableOf(option))?.value;
      return found?.kind === "value" ? String(found.value) : undefined;
    },
    has: (option) => env.has(variableOf(option)),
    at: (option) => env.get(variableOf(option))?.path ?? `${path}.env`,
    complete: false,
  };
}
