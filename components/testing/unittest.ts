import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What Python's unittest said. */
export interface Unittest {
  readonly passed: boolean;
  readonly tests: number;
  /** Its whole report, for the message when it failed. */
  readonly report: string;
}

/**
 * Runs a folder's `test_*.py` with the standard library's unittest, as the jobs' images have nothing else.
 *
 * @param folder where the tests are
 * @param imports folders of the modules under test
 * @param variables further environment
 */
export async function unittest(
  folder: string,
  imports: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Unittest> {
  const env = { ...variables, PATH: process.env.PATH, PYTHONPATH: imports.join(":"), PYTHONDONTWRITEBYTECODE: "1" };
  const args = ["-W", "error::ResourceWarning", "-m", "unittest", "discover", "--start-directory", folder];
  const { passed, report } = await run("python3", args, { env, cwd: folder }).then(
    ({ stderr }) => ({ passed: true, report: stderr }),
    (error: { stderr?: string; message: string }) => ({ passed: false, report: error.stderr ?? error.message }),
  );
  return { passed, tests: Number(/^Ran (\d+) tests?/m.exec(report)?.[1] ?? 0), report };
}
