import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SandboxLayout } from "../../sandbox/layout.ts";
import { readRunner } from "../../sandbox/runner/record.ts";

/** A process of this machine, as /proc shows it. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** Arguments and variables, each ended by a zero byte. */
  readonly args: string;
  readonly environment: string;
}

/** Every process that can be looked at now. */
export function allProcesses(): SeenProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): SeenProcess[] => {
      try {
        const read = (file: string) => readFileSync(join("/proc", name, file), "utf8");
        const stat = read("stat");
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        const args = read("cmdline");
        return [{ pid: Number(name), parent, command: args.split("\0")[0] ?? "", args, environment: read("environ") }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}

/** The runner and everything that it started, however deep. */
export function runnerProcesses(layout: SandboxLayout): SeenProcess[] {
  const runner = readRunner(layout)?.process.pid;
  const all = allProcesses();
  const found = new Set(all.filter(({ pid }) => pid === runner));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const one of all) if ([...found].some(({ pid }) => pid === one.parent)) found.add(one);
  }
  return [...found];
}
