import { defineConfig } from "vitest/config";
import { ByName } from "./tests/by-name.ts";

/** What every suite has: nothing stays behind, also when it is interrupted. */
const globalSetup = ["tests/run/global-setup.ts"];
const setupFiles = ["tests/run/worker.ts"];

/**
 * Five suites: `unit` is fast and needs nothing but Node; `pages` looks at generated pages in Chromium; `python` loads the tools'
 * own configuration files with the tools' own packages; `sandbox` needs the toolchain and a running sandbox of its own, so its
 * files run one after the other; `browser` runs the tools in such a sandbox and signs in with Chromium.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: ByName },
    // A sandbox with running tools takes its time to stop.
    teardownTimeout: 60_000,
    projects: [
      {
        test: {
          name: "unit",
          globalSetup,
          setupFiles,
          include: ["{model,components,policies,sandbox,cli,ci,infra,tests/unit}/**/*.test.ts"],
          exclude: ["**/*.sandbox.test.ts", "**/*.python.test.ts", "**/node_modules/**"],
          // A few seconds at most on an idle machine; a busy one must not turn a slow test into a failed one.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "pages",
          globalSetup,
          setupFiles,
          include: ["tests/pages/**/*.page.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "python",
          globalSetup,
          setupFiles,
          include: ["**/*.python.test.ts"],
          exclude: ["**/node_modules/**"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: "sandbox",
          globalSetup: [...globalSetup, "tests/sandbox/global-setup.ts"],
          setupFiles,
          include: ["tests/sandbox/**/*.test.ts", "sandbox/**/*.sandbox.test.ts"],
          exclude: ["**/node_modules/**"],
          testTimeout: 300_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
          // Tests of one file that say they are concurrent: commands on as many cores as the smallest machine has.
          maxConcurrency: 2,
        },
      },
      {
        test: {
          name: "browser",
          globalSetup: [...globalSetup, "tests/browser/global-setup.ts"],
          setupFiles,
          include: ["tests/browser/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
          // Tests of one file that say they are concurrent: as many people as the smallest machine has cores, and those who wait.
          maxConcurrency: 3,
        },
      },
    ],
  },
});
