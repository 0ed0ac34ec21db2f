import { fileURLToPath } from "node:url";
import { lockedPackages, lockedVersions, type PythonTool } from "../../../toolchain/python/locks.ts";
import { ensurePythonEnvironment } from "../../toolchain/python-environment.ts";
import { SYSTEM_PATH } from "./system-path.ts";
import type { ImageFamily, Program } from "./types.ts";

/** Where a tool's official image has its Python packages, and what else it says. */
interface OfficialImage extends Omit<Program, "env"> {
  readonly packages: string;
  readonly env: Readonly<Record<string, string>>;
}

const UTF8 = { LANG: "C.UTF-8", LC_ALL: "C.UTF-8" };

const OFFICIAL: Readonly<Record<PythonTool, OfficialImage>> = {
  superset: {
    packages: "/app/.venv",
    binds: [],
    env: { ...UTF8, FLASK_APP: "superset.app:create_app()", SUPERSET_ENV: "production" },
    command: [],
    workingDirectory: "/app",
  },
  airflow: {
    packages: "/home/airflow/.local",
    // The company's image would hold its own.
    binds: [{ from: fileURLToPath(new URL("../samples/airflow-dags", import.meta.url)), to: "/opt/airflow/dags" }],
    env: { ...UTF8, HOME: "/home/airflow", AIRFLOW_HOME: "/opt/airflow" },
    // Its entry point runs `airflow` and `python` as they are given.
    command: [],
    workingDirectory: "/opt/airflow",
  },
};

/** A tool's image, made of the packages that `toolchain/python` locks. */
export function pythonImages(tool: PythonTool): ImageFamily {
  const { packages, binds, env, command, workingDirectory } = OFFICIAL[tool];
  return {
    repository: tool,
    versions: lockedVersions(tool),
    image: (version) => {
      const locked = lockedPackages(tool, version);
      return {
        what: `${locked.name} from its Python packages`,
        prepare: async (options) => {
          const { folder, installations } = await ensurePythonEnvironment(locked, options);
          return {
            binds: [...installations.map(inPlace), { from: folder, to: packages }, ...binds],
            env: { ...env, PATH: `${packages}/bin:${SYSTEM_PATH}` },
            command,
            workingDirectory,
          };
        },
      };
    },
  };
}

/** An environment refers to its interpreter by the path that it has on this machine. */
const inPlace = (folder: string) => ({ from: folder, to: folder });
