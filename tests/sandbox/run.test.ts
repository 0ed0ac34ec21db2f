import { describe, expect, inject, it } from "vitest";
import { readRunner } from "../../sandbox/runner/record.ts";
import { TestSandbox } from "./harness.ts";

const sandbox = new TestSandbox(inject("sharedSandbox"));

describe("what `sandbox run` refuses, before it starts anything", () => {
  it.each([
    ["a tool that the settings have not", ["nonsense"], 2, 'The settings have no tool "nonsense". They have: airflow'],
    [
      "an image that no program here stands for",
      ["metabase"],
      1,
      "metabase needs contoso.azurecr.io/metabase-enterprise:v1.65.4",
    ],
    [
      "a tool that is the platform's",
      ["databricks"],
      1,
      "databricks: without pods that people connect to in this sandbox",
    ],
  ])("%s", async (_what, tools, code, text) => {
    const result = await sandbox.run("sandbox", "run", ...tools);
    expect(result.stderr).toContain(text);
    expect(result.code).toBe(code);
    expect(readRunner(sandbox.layout)).toBeUndefined();
  });

  it("says which images it knows", async () => {
    expect((await sandbox.run("sandbox", "run", "metabase")).stderr).toMatch(/Known are .*superset:6\.1\.0/);
  });

  it("opens no tool that does not run", async () => {
    const result = await sandbox.run("sandbox", "browse", "superset");
    expect(result.stderr).toContain(
      "superset does not run on this machine. Start it with `npx entrada sandbox run superset`",
    );
    expect(result.code).toBe(1);
    expect((await sandbox.run("sandbox", "browse", "superset", "--as", "../me")).code).toBe(2);
  });

  it("says that nothing runs, when there is nothing to stop", async () => {
    expect(await sandbox.ok("sandbox", "stop")).toContain("No tool runs on this machine");
  });
});
