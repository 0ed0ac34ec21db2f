import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { rules } from "../rules.ts";
import { readExceptions } from "./read.ts";

const names = rules.map(({ text }) => text);
const folder = mkdtempSync(join(tmpdir(), "entrada-exceptions-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string): string {
  const path = join(folder, "exceptions.yaml");
  writeFileSync(path, content);
  return path;
}

it("reads the project's own file", () => {
  const own = fileURLToPath(new URL("../exceptions.yaml", import.meta.url));
  expect(readExceptions(own, names)).toMatchObject({ production: ["prod"], problems: [] });
});

it("takes a file that is not there for an empty one", () => {
  expect(readExceptions(join(folder, "none.yaml"), names)).toMatchObject({ exceptions: [], problems: [] });
});

it("says where a file is no YAML", () => {
  expect(readExceptions(file("exceptions: [\n"), names).problems).toEqual([
    expect.stringMatching(/^the file is no YAML \(.*line/),
  ]);
});
