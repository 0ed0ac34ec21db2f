import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { projectRoot } from "../../cli/project.ts";
import { gitIn } from "../unit/checkout.ts";
import { commandsOf } from "../unit/page-commands.ts";
import { Shell } from "./shell.ts";

// A stranger follows the pages: a fresh checkout, a shell, and each command as it is printed.
const scratch = mkdtempSync(join(tmpdir(), "entrada-walk-"));
const checkout = join(scratch, "entrada");
const shells: Shell[] = [];
const notCopied = new Set([".git", ".entrada", "node_modules"]);
const page = (name: string) => readFileSync(join(projectRoot, name), "utf8");

beforeAll(() => {
  cpSync(projectRoot, checkout, { recursive: true, filter: (path) => !notCopied.has(basename(path)) });
  linkPackages(checkout);
  gitIn(checkout, "init", "--initial-branch=main");
  gitIn(checkout, "add", "--all");
  gitIn(checkout, "commit", "--quiet", "--message=As it is");
});

afterAll(async () => {
  const shell = open(checkout, join(scratch, "sandbox"));
  await shell.type("node cli/entrada.js sandbox down");
  for (const one of shells) one.close();
  rmSync(scratch, { recursive: true, force: true });
});

function open(folder: string, sandbox: string): Shell {
  // Whoever sits there confirms what `pulumi up` asks.
  const env = { ...process.env, NO_COLOR: "1", ENTRADA_SANDBOX: sandbox, PULUMI_SKIP_CONFIRMATIONS: "true" };
  const shell = new Shell(folder, env);
  shells.push(shell);
  return shell;
}

/** What `npm ci` does, without a registry: the packages are those of this checkout, `npx entrada` is the new one's own. */
function linkPackages(folder: string): void {
  const from = join(projectRoot, "node_modules");
  const to = join(folder, "node_modules");
  mkdirSync(join(to, ".bin"), { recursive: true });
  const own = new Set([".bin", ".entrada-lock"]);
  for (const name of readdirSync(from)) if (!own.has(name)) symlinkSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, ".bin"))) {
    if (name !== "entrada") symlinkSync(join(from, ".bin", name), join(to, ".bin", name));
  }
  symlinkSync(join("..", "..", "cli", "entrada.js"), join(to, ".bin", "entrada"));
  // How cli/setup.js knows that the packages are those of the lock file.
  const lock = createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");
  writeFileSync(join(to, ".entrada-lock"), lock);
}

describe("README.md", () => {
  const part =
    page("README.md")
      .split("\n## ")
      .find((text) => text.startsWith("Try it")) ?? "";
  const commands = commandsOf(part);
  /** What is not typed here, by how it begins, and why. */
  const elsewhere: Readonly<Record<string, string>> = {
    "npm test": "it is what runs this",
    "npx entrada sandbox run": "the real tools: the browser suite",
    "npx entrada sandbox browse": "needs a screen: the browser suite",
    "npx entrada sandbox stop": "the browser suite",
  };
  const typed = commands.filter(({ line }) => !Object.keys(elsewhere).some((start) => line.startsWith(start)));

  it("has no reason for a command that it does not print", () => {
    for (const start of Object.keys(elsewhere)) expect(commands.some(({ line }) => line.startsWith(start))).toBe(true);
    expect(typed.length).toBeGreaterThan(9);
  });

  it("prints commands that do what it says", async () => {
    const shell = open(checkout, inject("sharedSandbox"));
    for (const { line } of typed) {
      const { code, text } = await shell.type(line);
      const refusal = /AADSTS\d+/.exec(line)?.[0];
      expect(text, line).toContain(refusal ?? "");
      expect({ line, code, text: code === (refusal ? 1 : 0) ? "" : text }).toEqual({
        line,
        code: refusal ? 1 : 0,
        text: "",
      });
    }
  });
});

describe("docs/rehearsal.md", () => {
  const commands = commandsOf(page("docs/rehearsal.md"));
  const said: { line: string; code: number; text: string }[] = [];
  const printedBy = (start: string) => said.find(({ line }) => line.startsWith(start))?.text;

  /** A command with its values: what stands in `<…>` has been printed by a command before, in a line of the same shape. */
  function filled(line: string): string {
    if (!/<\w+>/.test(line)) return line;
    const shape = new RegExp(`^${line.replaceAll(/[.?*+^$()[\]{}|\\]/g, "\\$&").replaceAll(/<\w+>/g, "[\\w-]+")}$`);
    const printed = new Set(said.flatMap(({ text }) => text.split("\n").map((one) => one.trim())));
    const [match, ...others] = [...printed].filter((one) => shape.test(one));
    expect({ line, others, found: match !== undefined }).toEqual({ line, others: [], found: true });
    return match ?? "";
  }

  it("prints commands that all succeed, from the clone to the end", { timeout: 900_000 }, async () => {
    const shell = open(checkout, join(scratch, "sandbox"));
    for (const { line } of commands) {
      if (line === "npm ci") linkPackages(join(scratch, "entrada-rehearsal"));
      else said.push({ line, ...(await shell.type(filled(line))) });
      expect(said.filter(({ code }) => code !== 0)).toEqual([]);
    }
  });

  it("says what they print", () => {
    expect(printedBy("npx entrada bootstrap prod --dry-run")).toContain("Nothing was changed: --dry-run.");
    expect(said.find(({ line }) => line.endsWith("--expect-no-changes"))?.text).toMatch(/\d+ unchanged/);
    expect(printedBy("npx entrada access diff")).toMatch(
      /omar\.haddad[\s\S]*operations-reader|operations-reader[\s\S]*omar\.haddad/i,
    );
  });
});
