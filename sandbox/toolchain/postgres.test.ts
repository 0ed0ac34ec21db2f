import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensurePostgres } from "./postgres.ts";

let root: string;
let lines: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "entrada-postgres-"));
  lines = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** PostgreSQL's two programs in a folder, or what is left of them. */
function install(folder: string, major: number, programs = ["initdb", "postgres"]): void {
  mkdirSync(join(root, folder), { recursive: true });
  for (const name of programs) {
    const file = join(root, folder, name);
    writeFileSync(file, `#!/bin/sh\necho '${name} (PostgreSQL) ${major}.4 (Debian ${major}.4-1)'\n`);
    chmodSync(file, 0o755);
  }
}

/** Nothing is found but what a test put there, and no network is asked. */
const find = () =>
  ensurePostgres({
    env: { PATH: join(root, "path"), ENTRADA_CACHE: join(root, "cache") },
    systemFolder: join(root, "system"),
    log: (line) => lines.push(line),
  });
const at = (folder: string, major: number) => ({
  initdb: join(root, folder, "initdb"),
  server: join(root, folder, "postgres"),
  major,
});

describe("PostgreSQL", () => {
  it("is the one on PATH", async () => {
    install("path", 15);
    install("system/17/bin", 17);
    expect(await find()).toEqual(at("path", 15));
  });

  it("is the newest of the system's packages where PATH has none, or half of one", async () => {
    install("path", 18, ["postgres"]);
    for (const major of [9, 14, 16]) install(`system/${major}/bin`, major);
    install("system/17/bin", 17, ["initdb"]);
    expect(await find()).toEqual(at("system/16/bin", 16));
  });

  it("is not one that is too old: that is said, and what to install", async () => {
    install("path", 13);
    await expect(find()).rejects.toThrow(/Install version 14 or newer.*apt-get install postgresql$/);
    expect(lines).toEqual([
      `${join(root, "path", "postgres")} is PostgreSQL 13, but 14 or newer is needed: passed over`,
    ]);
  });
});
