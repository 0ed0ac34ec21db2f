import { expect, it } from "vitest";
import { readOptions } from "./options.ts";

it("reads the project's own options", () => {
  expect(readOptions({ typescript: false, nodeargs: "--import tsx" })).toEqual({
    nodeargs: ["--import", "tsx"],
    variables: {},
  });
});

it("lets the SDK compile TypeScript where nothing is said, as the official host does", () => {
  expect(readOptions({ tsconfig: "a.json" })).toEqual({
    nodeargs: [],
    variables: { PULUMI_NODEJS_TYPESCRIPT: "true", PULUMI_NODEJS_TSCONFIG_PATH: "a.json" },
  });
});

it("splits Node's arguments as a shell does", () => {
  expect(readOptions({ nodeargs: `--a 'b c' --d="e f"` }).nodeargs).toEqual(["--a", "b c", "--d=e f"]);
});

it("says everything that is wrong at once", () => {
  expect(() => readOptions({ nodeargs: 1, typescript: "no", tsconfig: true, bun: true })).toThrow(
    /nodeargs: found 1.*\n.*typescript: found "no".*\n.*tsconfig: found true.*\n.*bun: the sandbox's language host/,
  );
});
