import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { environments } from "../commands/environments.ts";
import { environmentNames } from "../stack-files.ts";
import { environmentsFile, environmentsText } from "../write-environments.ts";
import { differences } from "./differences.ts";
import { cell, environmentsPage } from "./page.ts";

describe("docs/environments.md", () => {
  it("is what the stack files say (npm run environments)", () => {
    expect(readFileSync(environmentsFile, "utf8")).toBe(environmentsText());
  });
});

describe("what differs", () => {
  const of = (dev: unknown, prod: unknown) =>
    differences([
      { name: "dev", settings: dev },
      { name: "prod", settings: prod },
    ]);

  it("has a row for each setting that is not the same, in the order of the last one", () => {
    expect(of({ x: 1, same: [1], deep: { a: 1, b: 2 } }, { deep: { b: 3, a: 1 }, same: [1], x: 2 })).toEqual([
      { setting: "deep.b", values: { dev: 2, prod: 3 } },
      { setting: "x", values: { dev: 1, prod: 2 } },
    ]);
  });

  it("tells orders of lists apart, but not an empty list or map from none", () => {
    expect(of({ list: ["a", "b"], none: [], map: {} }, { list: ["b", "a"] })).toEqual([
      { setting: "list", values: { dev: ["a", "b"], prod: ["b", "a"] } },
    ]);
  });

  it("shows a part that some don't have as one row, and inside it what the others disagree on", () => {
    const [a, b, c] = [{ x: 1, sales: { size: 1, owner: "x" } }, { x: 1, sales: { size: 2, owner: "x" } }, { x: 1 }];
    const rows = differences([
      { name: "dev", settings: c },
      { name: "staging", settings: a },
      { name: "prod", settings: b },
    ]);
    expect(rows).toEqual([
      { setting: "sales", values: { dev: null, staging: "there", prod: "there" } },
      { setting: "sales.size", values: { dev: null, staging: 1, prod: 2 } },
    ]);
  });

  it("writes keys with dots in brackets, as problems do", () => {
    expect(of({ people: { "ana.lima": { a: 1 } } }, { people: { "ana.lima": { a: 2 } } })[0]?.setting).toBe(
      'people["ana.lima"].a',
    );
  });

  it("is nothing between equals", () => {
    expect(of({ a: { b: [1] } }, { a: { b: [1] } })).toEqual([]);
  });
});

describe("a cell", () => {
  it.each([
    [null, "-"],
    [true, "yes"],
    [0, "0"],
    [["a", "b", "c"], "a, b, c"],
    [["a", "b", "c", "d", "e"], "a, b, c and 2 more"],
    ["x".repeat(60), "x".repeat(60)],
    [`start${"x".repeat(60)}end`, `start${"x".repeat(24)}…${"x".repeat(26)}end`],
  ])("shows %j as %s", (value, text) => {
    expect(cell(value)).toBe(text);
  });

  it("cannot break the table", () => {
    expect(environmentsPage(["dev"], [{ setting: "a", values: { dev: "x|y" } }])).toContain("| `a` | `x\\|y` |\n");
  });
});

describe("entrada environments", () => {
  const print = (run: () => void): string => {
    const printed: string[] = [];
    const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
    try {
      run();
    } finally {
      spy.mockRestore();
    }
    return printed.join("");
  };

  it("prints the rows of the page, whole as JSON", () => {
    const { environments: names, differences: rows } = JSON.parse(print(() => environments({ json: true })));
    expect(names.slice(0, 1).concat(names.slice(-1))).toEqual(["dev", "prod"]);
    expect(names).not.toContain("sandbox");
    expect(environmentsText()).toBe(environmentsPage(names, rows));
    const text = print(() => environments({}));
    for (const { setting } of rows) expect(text).toContain(setting);
  });

  it("puts environments in the order in which a change reaches them", () => {
    const folder = mkdtempSync(join(tmpdir(), "entrada-environments-"));
    mkdirSync(join(folder, "stacks", "Pulumi.notes"), { recursive: true });
    for (const name of ["prod", "staging", "sandbox", "qa", "dev", "alpha"])
      writeFileSync(join(folder, "stacks", `Pulumi.${name}.yaml`), "");
    expect(environmentNames(folder)).toEqual(["dev", "alpha", "qa", "staging", "prod"]);
    rmSync(folder, { recursive: true });
  });
});
