import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** A bash that a person types into: folder and variables stay from one command to the next. */
export class Shell {
  readonly #bash: ChildProcessByStdio<null, Readable, Readable>;
  #printed = "";
  #changed = () => {};

  /** @param env the whole environment */
  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    // Commands come by a channel of their own, so that none reads the next one as its input.
    const script = `while IFS= read -r -u 3 -d '' command; do eval "$command" </dev/null 2>&1; printf '\\0%s\\0' "$?"; done`;
    this.#bash = spawn("bash", ["--norc", "-c", script], {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    }) as unknown as ChildProcessByStdio<null, Readable, Readable>;
    for (const stream of [this.#bash.stdout, this.#bash.stderr]) {
      stream.on("data", (data: Buffer) => {
        this.#printed += data.toString();
        this.#changed();
      });
    }
    this.#bash.on("close", () => this.#changed());
  }

  /** Types a command; what it printed on both streams, and its exit code, when it has ended. */
  async type(command: string): Promise<{ readonly code: number; readonly text: string }> {
    this.#printed = "";
    (this.#bash.stdio[3] as unknown as Writable).write(`${command}\0`);
    for (;;) {
      const [, text = "", code] = /^([\s\S]*?)\0(\d+)\0/.exec(this.#printed) ?? [];
      if (code !== undefined) return { code: Number(code), text };
      if (this.#bash.exitCode !== null) throw new Error(`The shell ended:\n${this.#printed}`);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  close(): void {
    (this.#bash.stdio[3] as unknown as Writable).end();
  }
}
