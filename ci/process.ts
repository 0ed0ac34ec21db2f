import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** What a program answered. Its errors went to the job's log. */
export interface Answer {
  readonly code: number;
  readonly output: string;
}

export interface RunOptions {
  /** Written to the program's standard input. */
  readonly input?: string;
  /** On top of the job's own variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Shows the output in the log too. @default false */
  readonly show?: boolean;
}

/** Runs a program without a shell, so that no value is ever read as code. */
export type Run = (program: string, args: readonly string[], options?: RunOptions) => Promise<Answer>;

/**
 * Runs programs as a job of a workflow does.
 * @param variables the job's environment variables
 * @param folder where programs start
 */
export function runner(variables: NodeJS.ProcessEnv, folder: string): Run {
  return async (program, args, { input = "", env = {}, show = false } = {}) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...variables, ...env },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const ended = new Promise<number>((resolve, reject) => {
      child.on("error", (error) => reject(new Error(`${program} cannot be started: ${error.message}`)));
      child.on("close", (code) => resolve(code ?? 1));
    });
    // A program that reads nothing closes its end early; that is no failure.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    if (show) child.stdout.on("data", (data: Buffer) => process.stdout.write(data));
    const [output, code] = await Promise.all([text(child.stdout), ended]);
    return { code, output };
  };
}

/** The output of a program that has to succeed. */
export async function outputOf(run: Run, program: string, args: readonly string[], options?: RunOptions) {
  const { code, output } = await run(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}; its message is above.`);
  return output;
}
