import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { ensureToolchain } from "../sandbox/toolchain/index.ts";
import { readResults } from "./results.ts";

/**
 * `npm test`: the fast tests first, so that a slip shows within a minute; then the toolchain, and the tests that need the
 * tools' own packages and a real sandbox. Ends with what failed, and one line that counts everything; exit 1 when anything failed.
 */
const suites: readonly { project: string; title: string; options?: readonly string[] }[] = [
  // On two cores vitest would leave one to itself, and it has little to do.
  { project: "unit", title: "Fast tests", options: [`--maxWorkers=${availableParallelism()}`] },
  { project: "pages", title: "Pages, in a real browser" },
  { project: "python", title: "The tools' own configuration, loaded by the tools' own packages" },
  { project: "sandbox", title: "The sandbox, end to end" },
  { project: "browser", title: "The real tools, signed in to with a real browser" },
];

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const wanted = process.argv.slice(2);
const results = mkdtempSync(join(tmpdir(), "entrada-tests-"));
const total = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];
let broken = false;
let interrupted: NodeJS.Signals | undefined;

try {
  for (const { project, title, options = [] } of suites) {
    if (interrupted !== undefined || (wanted.length > 0 && !wanted.includes(project))) continue;
    console.log(`\n── ${title}`);
    if (project === "sandbox" || project === "browser") {
      console.log("Making sure that the toolchain is there (12 to 15 minutes on 2 cores when it has to be built).");
      await ensureToolchain({ log: (text) => console.log(`  ${text}`) });
    }
    const output = join(results, `${project}.json`);
    const code = await vitest([
      "run",
      "--project",
      project,
      "--reporter=default",
      "--reporter=json",
      `--outputFile=${output}`,
      ...options,
    ]);
    broken ||= code !== 0;
    if (interrupted === undefined) count(output);
  }
} finally {
  rmSync(results, { recursive: true, force: true });
}

if (interrupted !== undefined) process.kill(process.pid, interrupted);

// Once more at the end: the log of an hour hides a line in its middle.
for (const failure of failures) console.log(`✗ ${failure}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
// A suite that ran nothing has not passed.
process.exit(broken || total.failed > 0 || total.passed === 0 ? 1 : 0);

function vitest(args: string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join("node_modules", "vitest", "vitest.mjs"), ...args], {
      stdio: "inherit",
    });
    // Ctrl-C reaches vitest by itself; who ends this run by its own process id ends vitest too. tests/run/ ends what that had started.
    const forward = (signal: NodeJS.Signals) => {
      interrupted = signal;
      child.kill(signal);
    };
    for (const signal of signals) process.on(signal, forward);
    child.on("exit", (code) => {
      for (const signal of signals) process.off(signal, forward);
      resolve(code ?? 1);
    });
  });
}

function count(file: string): void {
  const results = readResults(file, process.cwd());
  total.passed += results.passed;
  total.failed += results.failed;
  total.skipped += results.skipped;
  failures.push(...results.failures);
}
