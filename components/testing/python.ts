import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { type PythonPackages, pythonEnvironment } from "../../toolchain/python/environment.ts";

const run = promisify(execFile);

/** One run of a script, in a folder that goes away. */
export interface PythonScript {
  readonly script: string;
  /** Files of the folder, by their paths below it. */
  readonly files: Readonly<Record<string, string>>;
  /** Arguments; `{folder}` stands for the folder. */
  readonly args: readonly string[];
  /** Folders of further modules. */
  readonly modules?: readonly string[];
}

/** Runs a script and returns the JSON in the last line of what it prints; tools print lines of their own before. */
export async function runPython(packages: PythonPackages, { script, files, args, modules }: PythonScript) {
  const { python } = await pythonEnvironment(packages);
  const folder = await mkdtemp(join(tmpdir(), "entrada-python-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const { stdout } = await run(python, [script, ...args.map((arg) => arg.replace("{folder}", folder))], {
      env: {
        PATH: [dirname(python), process.env.PATH].join(delimiter),
        PYTHONPATH: (modules ?? []).join(delimiter),
        HOME: folder,
        PYTHONDONTWRITEBYTECODE: "1",
      },
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as unknown;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The files under a folder's name. */
export function under(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));
}
