import { defineConfig } from "vitest/config";
import { ByName } from "./tests/by-name.ts";

/**
 * Four suites: `unit` is fast and needs nothing but Node; `python` loads the tools' own configuration files with the tools'
 * own packages; `sandbox` needs the toolchain and a running sandbox of its own, so its files run one after the other; `browser`
 * runs the tools in such a sandbox and signs in with Chromium.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: ByName },
    projects: [
      {
        test: {
          name: "unit",
          include: ["{model,components,policies,sandbox,cli,ci,infra,tests/unit}/**/*.test.ts"],
          exclude: ["**/*.sandbox.test.ts", "**/*.python.test.ts", "**/node_modules/**"],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "python",
          include: ["**/*.python.test.ts"],
          exclude: ["**/node_modules/**"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: "sandbox",
          globalSetup: ["tests/sandbox/global-setup.ts"],
          include: ["tests/sandbox/**/*.test.ts", "sandbox/**/*.sandbox.test.ts"],
          exclude: ["**/node_modules/**"],
          testTimeout: 300_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "browser",
          globalSetup: ["tests/browser/global-setup.ts"],
          include: ["tests/browser/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
