import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { parse } from "yaml";
import { asRow, changes, Observer, type Operations } from "./changes/observe.ts";
import { TestSandbox } from "./harness.ts";

process.env.ENTRADA_SANDBOX = new TestSandbox(inject("sharedSandbox")).layout.root;

const text = readFileSync(new URL("./changes/table.yaml", import.meta.url), "utf8");
const table = parse(text) as Record<string, Record<string, Operations>>;

let observer: Observer;
beforeAll(async () => {
  observer = await Observer.open();
});
afterAll(() => observer.close());

describe("a change to one tool's settings", () => {
  it("starts from a stack in which nothing is left to do", async () => {
    expect(await observer.unchanged()).toEqual({ operations: {}, foreign: [] });
  });

  it.each(changes.map((change) => [change.tool, change.kind, change.title, change] as const))(
    "%s, %s: %s",
    async (tool, kind, _title, change) => {
      const { operations, foreign } = await observer.observe(change);
      expect(foreign, "touched, though it is not the tool's").toEqual([]);
      const row = `If this is what should happen, tests/sandbox/changes/table.yaml needs\n${asRow(change, operations)}`;
      expect(operations, row).toEqual(table[tool]?.[kind] ?? "a row of the table");
    },
  );

  it("has a row for each tool and change, and no row for what is not there", () => {
    const rows = Object.entries(table).flatMap(([tool, row]) => Object.keys(row).map((kind) => `${tool} ${kind}`));
    expect(rows.sort()).toEqual(changes.map(({ tool, kind }) => `${tool} ${kind}`).sort());
  });
});
