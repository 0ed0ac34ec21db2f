import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../cli/project.ts";

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function entrada(...args: string[]): Promise<Ended> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["cli/entrada.js", ...args], {
      cwd: projectRoot,
      env: { ...process.env, NO_COLOR: "1", ENTRADA_SANDBOX: "/nonexistent/entrada" },
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as Ended;
  }
}

describe("the entrada command", () => {
  const commands = ["up", "preview", "destroy", "down", "reset", "status", "env"].map(
    (command) => `sandbox ${command}`,
  );
  it.each([...commands, "sign-in", "access", "access diff", "access comment", "what-if"])(
    "explains itself, with examples: %s",
    async (command) => {
      const { code, stdout } = await entrada(...command.split(" "), "--help");
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: entrada ${command}`);
      expect(stdout).toContain(`$ entrada ${command}`);
    },
  );

  it.each([
    [["fly"]],
    [["sandbox", "fly"]],
    [["sign-in", "superset"]],
    [["access", "--colour"]],
    [["what-if", "--from"]],
    [["access", "--json", "--html", "review.html"]],
  ])("ends wrong usage with 2 and points to the help: %s", async (args) => {
    const { code, stderr } = await entrada(...args);
    expect(code).toBe(2);
    expect(stderr).toContain("--help");
  });

  it("hands a command of `access` its own options", async () => {
    const { code, stdout } = await entrada(..."access diff --from stacks/Pulumi.prod.yaml --stack prod".split(" "));
    expect([code, stdout.split("\n")[0]]).toEqual([0, "From stacks/Pulumi.prod.yaml to stacks/Pulumi.prod.yaml:"]);
  });

  it("points no shell to a sandbox that does not run, and says how to start it", async () => {
    const { code, stdout, stderr } = await entrada("sandbox", "env");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("npx entrada sandbox preview --stack prod");
  });

  it("prints the access matrix in the promised shape", async () => {
    const { code, stdout } = await entrada("access", "--json");
    expect(code).toBe(0);
    const matrix = JSON.parse(stdout) as { tools: object[]; people: { access: object[]; denied: object[] }[] };
    for (const tool of matrix.tools) {
      const keys = Object.keys(tool).filter((key) => key !== "remarks");
      expect(keys.sort()).toEqual(["id", "roles", "url"]);
    }
    expect(Object.keys(matrix.people[0] ?? {}).sort()).toEqual(
      ["access", "denied", "displayName", "enabled", "guest", "id", "upn"].sort(),
    );
    const access = matrix.people.flatMap((person) => person.access);
    expect(Object.keys(access[0] ?? {}).sort()).toEqual(["role", "tool", "via"]);
    const denied = matrix.people.flatMap((person) => person.denied);
    expect(Object.keys(denied[0] ?? {}).sort()).toEqual(["reason", "tool"]);
  });

  it("ends conditions that nobody can play with 2, and names every one of them", async () => {
    const from = ["--from", "country=Portugal,device=compliant", "--from", "risk=huge,weather=rain"];
    const { code, stderr } = await entrada("sign-in", "superset", "--as", "ana.lima", ...from);
    expect(code).toBe(2);
    for (const wrong of ["Portugal", "huge", "weather"]) expect(stderr).toContain(wrong);
    expect(stderr).not.toContain("compliant,");
  });

  it.each([
    [["access", "--stack", "moon"], "There is no stack file"],
    [["sign-in", "supersett", "--as", "ana.lima"], "The tools are "],
    [["sign-in", "superset", "--as", "ana.lima"], "npm run sandbox"],
    [["sign-in", "superset", "--as", "kai.larsen@acme", "--from", "country=DE"], "at the partner's provider"],
  ])("answers a no with 1 and the way on: %s", async (args, text) => {
    const { code, stderr } = await entrada(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(text);
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
  });
});
