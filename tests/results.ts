import { readFileSync } from "node:fs";
import { relative } from "node:path";

/** What a suite's JSON report says. */
export interface Results {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** A line for each test that failed, and for each file that could not run its tests: where, and the first line of why. */
  readonly failures: readonly string[];
}

/** The parts of vitest's JSON report that are read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

/** Reads the report that vitest's JSON reporter wrote. @param root folder below which files are named */
export function readResults(file: string, root: string): Results {
  const report = JSON.parse(readFileSync(file, "utf8")) as Report;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests,
    failures: report.testResults.flatMap(({ name, status, message, assertionResults }) => {
      const place = relative(root, name);
      const failed = assertionResults
        .filter((test) => test.status === "failed")
        .map(({ fullName, failureMessages }) => `${place}: ${fullName}: ${firstLine(failureMessages?.[0])}`);
      // A file that broke before its tests, or in a hook, has none that failed.
      return failed.length === 0 && status === "failed" ? [`${place}: ${firstLine(message)}`] : failed;
    }),
  };
}

function firstLine(text = ""): string {
  return text.trim().split("\n")[0] || "failed without a word";
}
