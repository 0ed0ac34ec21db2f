import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Which of the stack's Jobs have run here for real. It stands beside the databases that they worked on and goes with them, so
 * that a tool that was stopped starts again without its migrations.
 */
export class DoneJobs {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = join(folder, "jobs-done.json");
  }

  has(uid: string): boolean {
    return this.#read().includes(uid);
  }

  add(uid: string): void {
    const all = [...new Set([...this.#read(), uid])];
    writeFileSync(`${this.#file}.next`, JSON.stringify(all), { mode: 0o600 });
    renameSync(`${this.#file}.next`, this.#file);
  }

  #read(): string[] {
    try {
      return JSON.parse(readFileSync(this.#file, "utf8")) as string[];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }
}
