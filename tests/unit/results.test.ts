import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readResults } from "../results.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "entrada-results-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function results(testResults: unknown[]) {
  const file = join(folder, "report.json");
  writeFileSync(file, JSON.stringify({ numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, testResults }));
  return readResults(file, "/project");
}

describe("a suite's report", () => {
  it("names each test that failed, with the first line of why", () => {
    const assertionResults = [
      { fullName: "a vault is guarded", status: "passed", failureMessages: [] },
      { fullName: "a vault is kept", status: "failed", failureMessages: ["AssertionError: expected 1\n    at x.ts:3"] },
    ];
    expect(results([{ name: "/project/model/a.test.ts", status: "failed", message: "", assertionResults }])).toEqual({
      passed: 3,
      failed: 1,
      skipped: 2,
      failures: ["model/a.test.ts: a vault is kept: AssertionError: expected 1"],
    });
  });

  it("names a file that broke before its tests", () => {
    const broken = {
      name: "/project/tests/b.test.ts",
      status: "failed",
      message: "Error: no port\n at",
      assertionResults: [],
    };
    const silent = { ...broken, name: "/project/tests/c.test.ts", message: "" };
    expect(results([broken, silent]).failures).toEqual([
      "tests/b.test.ts: Error: no port",
      "tests/c.test.ts: failed without a word",
    ]);
  });

  it("is silent about what passed", () => {
    expect(
      results([{ name: "/project/d.test.ts", status: "passed", message: "", assertionResults: [] }]).failures,
    ).toEqual([]);
  });
});
