import { readdirSync, readFileSync } from "node:fs";

/** What one process took. */
interface Taken {
  readonly program: string;
  readonly seconds: number;
  readonly mebibytes: number;
}

/** The kernel counts processor time in hundredths of a second, on every architecture. */
const TICKS_PER_SECOND = 100;
const LOOK_EVERY_MS = 200;

/**
 * What the processes take that this one starts: the engine and the policy pack. The kernel keeps each one's sums, so that looking now and then
 * misses only the last moments. Sees nothing where there is no /proc.
 */
export class ChildProcesses {
  readonly #taken = new Map<number, Taken>();
  readonly #timer = setInterval(() => this.#look(process.pid), LOOK_EVERY_MS);

  /** Processor seconds of all of them, user's and system's. */
  get seconds(): number {
    return [...this.#taken.values()].reduce((sum, { seconds }) => sum + seconds, 0);
  }

  /** Program → the largest peak memory of its processes, in MiB. */
  get peaks(): Record<string, number> {
    const peaks: Record<string, number> = {};
    for (const { program, mebibytes } of this.#taken.values()) {
      peaks[program] = Math.max(peaks[program] ?? 0, mebibytes);
    }
    return peaks;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#look(process.pid);
  }

  #look(parent: number): void {
    for (const child of childrenOf(parent)) {
      const status = read(`/proc/${child}/status`);
      // The program's name stands in brackets and may hold spaces; user's and system's time are the 12th and 13th field after it.
      const times = read(`/proc/${child}/stat`).split(") ").at(-1)?.split(" ").slice(11, 13).map(Number) ?? [];
      const program = /^Name:\s*(.+)$/m.exec(status)?.[1];
      const mebibytes = Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
      const seconds = times.reduce((sum, ticks) => sum + ticks, 0) / TICKS_PER_SECOND;
      if (program !== undefined && mebibytes > 0) this.#taken.set(child, { program, seconds, mebibytes });
      this.#look(child);
    }
  }
}

function childrenOf(parent: number): number[] {
  let threads: string[];
  try {
    threads = readdirSync(`/proc/${parent}/task`);
  } catch {
    return [];
  }
  return threads.flatMap((thread) =>
    read(`/proc/${parent}/task/${thread}/children`).split(" ").filter(Boolean).map(Number),
  );
}

/** A process may end between two looks. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
