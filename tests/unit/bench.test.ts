import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { projectRoot, readConfig, stackFile } from "../../cli/project.ts";
import { flatState } from "../bench/flat.ts";
import { median } from "../bench/median.ts";

describe("the benchmark's measure of a start", () => {
  it.each(["project", "empty"])("ends at the first registration: %s", async (which) => {
    const args = ["--import", "tsx", "tests/bench/first-registration.ts", which];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: projectRoot,
      env: { ...process.env, PULUMI_CONFIG: JSON.stringify(readConfig(stackFile("sandbox"))) },
    });
    const measured = JSON.parse(stdout) as Record<string, number>;
    expect(Object.keys(measured).sort()).toEqual(["loading", "mebibytes", "milliseconds", "running"]);
    for (const value of Object.values(measured)) expect(value).toBeGreaterThan(0);
  });
});

describe("median", () => {
  it("is the middle value, or the mean of the middle two", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});

describe("flatState", () => {
  it("keeps ids and providers, and forgets parents and dependencies", () => {
    const provider = "urn:pulumi:sandbox::entrada::pulumi:providers:random::random";
    const [root, made, password] = flatState(
      [
        {
          urn: "urn:pulumi:sandbox::entrada::pulumi:pulumi:Stack::entrada-sandbox",
          type: "pulumi:pulumi:Stack",
          custom: false,
        },
        { urn: provider, type: "pulumi:providers:random", custom: true, id: "p1" },
        {
          urn: "urn:pulumi:sandbox::entrada::entrada:azure:Vault$random:index/randomPassword:RandomPassword::key",
          type: "random:index/randomPassword:RandomPassword",
          custom: true,
          id: "none",
          provider: `${provider}::p1`,
        },
      ],
      "flat",
    );
    expect(root?.urn).toBe("urn:pulumi:flat::entrada::pulumi:pulumi:Stack::entrada-flat");
    expect(made?.urn).toBe("urn:pulumi:flat::entrada::pulumi:providers:random::random");
    expect(password).toMatchObject({
      urn: "urn:pulumi:flat::entrada::random:index/randomPassword:RandomPassword::key",
      parent: root?.urn,
      id: "none",
      provider: "urn:pulumi:flat::entrada::pulumi:providers:random::random::p1",
      dependencies: [],
    });
  });
});
