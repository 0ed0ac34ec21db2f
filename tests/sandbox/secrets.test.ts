import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestSandbox } from "./harness.ts";
import { kubeConfig, stateResources } from "./live.ts";
import { plantedSecret, type Sighting, upWithPlantedSecret } from "./planted.ts";

const sandbox = new TestSandbox();
let seen: Sighting;
let values: string[];

beforeAll(async () => {
  seen = await upWithPlantedSecret(sandbox);
  values = [...seen.vaultValues.values()];
});
afterAll(() => sandbox.dispose());

describe("the planted secret, and every secret that the stack made", () => {
  it("are in the vault: there is something to look for", () => {
    expect(seen.vaultValues.get("planted")).toBe(plantedSecret);
    expect([...seen.vaultValues.keys()].sort()).toEqual(
      expect.arrayContaining([
        "superset-database-password",
        "superset-redis-password",
        "superset-secret-key-a",
        "superset-secret-key-b",
      ]),
    );
    for (const value of values) expect(value.length).toBeGreaterThanOrEqual(16);
  });

  it("are in no file of the sandbox in plain text: state, workspace, directory, logs", () => {
    const holders = files(sandbox.layout.root).filter((file) => {
      const content = readFileSync(file);
      return values.some((value) => content.includes(value));
    });
    expect(holders.map((file) => relative(sandbox.layout.root, file))).toEqual([]);
  });

  it("are in nothing that the engine said, and in no stack output", () => {
    expect(seen.output.length).toBeGreaterThan(100);
    for (const value of values) {
      expect(seen.output).not.toContain(value);
      expect(JSON.stringify(seen.outputs)).not.toContain(value);
    }
  });

  it("the planted one was in no process's arguments or environment while the stack came up", () => {
    expect(seen.processesLookedAt).toBeGreaterThan(5);
    expect(seen.processesWithSecret).toEqual([]);
  });

  it("are in no ConfigMap of the cluster", async () => {
    const maps = await kubeConfig(sandbox).makeApiClient(CoreV1Api).listConfigMapForAllNamespaces();
    expect(maps.items.length).toBeGreaterThan(0);
    for (const value of values) expect(JSON.stringify(maps.items)).not.toContain(value);
  });

  it("stand encrypted in the state", () => {
    const signature = "4dabf18193072939515e22adb298388d";
    const generated = stateResources(sandbox).filter(
      ({ type }) => type === "random:index/randomPassword:RandomPassword",
    );
    expect(generated.length).toBeGreaterThan(0);
    for (const { outputs } of generated) expect(outputs?.result).toHaveProperty([signature]);
  });
});

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
