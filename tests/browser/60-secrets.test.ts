import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runtimeFolder } from "../../sandbox/runner/runtime-folder.ts";
import { vaultValues } from "../sandbox/planted.ts";
import { runnerProcesses } from "./processes.ts";
import { useCompany } from "./shared.ts";

const { company } = useCompany();
const { layout } = company.sandbox;

/** Path and mode of every file below a folder, links not followed. */
function filesBelow(folder: string): { path: string; mode: number }[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, mode: statSync(path).mode & 0o777 }));
}

describe("the secrets of the running tools", async () => {
  const values = [...(await vaultValues(company.sandbox)).entries()];

  it("stand in no variable and no argument of any of their processes", () => {
    const processes = runnerProcesses(layout);
    const seen = processes.map(({ command }) => command);
    // What is looked at has to be there: the tools' own programs, inside of their containers.
    for (const program of ["gunicorn", "airflow", "oauth2-proxy", "postgres", "redis-server"]) {
      expect(
        processes.some(({ args }) => args.includes(program)),
        `${program} among ${seen.join(", ")}`,
      ).toBe(true);
    }
    expect(values.length).toBeGreaterThan(10);
    const found = processes.flatMap(({ pid, command, args, environment }) =>
      values
        .filter(([, value]) => args.includes(value) || environment.includes(value))
        .map(([name]) => `${name} in ${command} (${pid})`),
    );
    expect(found).toEqual([]);
  });

  it("are files that their container's user alone can read", () => {
    const files = filesBelow(join(runtimeFolder(layout), "v"));
    const secret = files.filter(({ path }) => {
      const content = readFileSync(path, "utf8").trim();
      return values.some(([, value]) => content === value) || content.startsWith("eyJ");
    });
    // Superset's, Airflow's and the proxies' mounted secrets, and the tokens of those that speak to Entra.
    expect(secret.length).toBeGreaterThan(8);
    expect(secret.filter(({ mode }) => mode !== 0o400)).toEqual([]);
    expect(statSync(runtimeFolder(layout)).mode & 0o777).toBe(0o700);
  });

  it("stand in no log of the tools, the stores and the runner", () => {
    const logs = filesBelow(layout.logs);
    expect(logs.some(({ path }) => path.includes("superset-web"))).toBe(true);
    const found = logs.flatMap(({ path }) => {
      const text = readFileSync(path, "utf8");
      return values.filter(([, value]) => text.includes(value)).map(([name]) => `${name} in ${path}`);
    });
    expect(found).toEqual([]);
  });

  it("include no code of a sign-in in Superset's log of requests", () => {
    const [web] = filesBelow(layout.logs).filter(({ path }) => path.includes("superset-web"));
    const text = readFileSync(web?.path ?? "", "utf8");
    expect(text).toContain("/oauth-authorized/azure");
    expect(text).not.toMatch(/[?&]code=/);
  });
});
