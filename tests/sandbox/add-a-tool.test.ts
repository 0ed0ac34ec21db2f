import { execFile } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../cli/project.ts";
import { differences } from "./folder-differences.ts";
import { type Block, blocks } from "./page-blocks.ts";

const page = readFileSync(join(projectRoot, "docs", "add-a-tool.md"), "utf8");
const scratch = mkdtempSync(join(tmpdir(), "entrada-add-a-tool-"));
const copy = join(scratch, "checkout");
const environment = { ...process.env, ENTRADA_SANDBOX: join(scratch, "sandbox"), NO_COLOR: "1" };

/** What a checkout holds of its own; packages are linked. */
const notCopied = new Set([".git", ".entrada", "node_modules"]);

beforeAll(() => {
  cpSync(projectRoot, copy, { recursive: true, filter: (path) => !notCopied.has(basename(path)) });
  symlinkSync(join(projectRoot, "node_modules"), join(copy, "node_modules"));
  for (const block of blocks(page)) place(block);
});

afterAll(async () => {
  await run("node", ["cli/entrada.js", "sandbox", "down"]);
  rmSync(scratch, { recursive: true, force: true });
});

/** Does with a block what its first line says. */
function place({ file, how, text }: Block): void {
  const target = join(copy, file);
  if (how.kind === "write") {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text, { flag: "wx" });
  }
  if (how.kind === "append") appendFileSync(target, text);
  if (how.kind === "below") {
    const lines = readFileSync(target, "utf8").split("\n");
    const at = lines.indexOf(how.line);
    expect(at, `"${how.line}" in ${file}`).toBeGreaterThan(0);
    writeFileSync(target, lines.toSpliced(at + 1, 0, ...text.trimEnd().split("\n")).join("\n"));
  }
}

/** The linked packages' own commands would be those of the checkout that they belong to. */
const entries: Readonly<Record<string, readonly string[]>> = {
  "npx entrada": ["node", "cli/entrada.js"],
  "npx vitest": ["node", "node_modules/vitest/vitest.mjs"],
  "npx biome": ["node", "node_modules/@biomejs/biome/bin/biome"],
  "npm run": ["npm", "run"],
};

async function follow(command: string): Promise<string> {
  const [first = "", second = "", ...rest] = command.split(" ");
  const entry = entries[`${first} ${second}`];
  if (entry === undefined) throw new Error(`The page has a command that this test does not know: ${command}`);
  const [program = "", ...args] = entry;
  return run(program, [...args, ...rest]);
}

async function run(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, [...args], { cwd: copy, env: environment, maxBuffer: 1e8 });
  return stdout;
}

describe("the page «Add a tool», followed word for word", () => {
  const commands = /```sh\n([\s\S]*?)```/.exec(page)?.[1]?.trim().split("\n") ?? [];

  it("gives types that hold", async () => {
    const config = join(copy, "tsconfig.wiki.json");
    const include = ["components/tools/wiki", "components/tools/registry.ts"];
    writeFileSync(config, JSON.stringify({ extends: "./tsconfig.json", include }));
    await run("node", ["node_modules/typescript/bin/tsc", "--noEmit", "--project", config]);
    rmSync(config);
  });

  it("gives commands that all succeed, a sign-in the last of them", async () => {
    expect(commands.length).toBeGreaterThan(5);
    const printed: Record<string, string> = {};
    for (const command of commands) printed[command] = await follow(command);
    expect(printed["npx vitest run --project unit components/tools/wiki"]).toMatch(/3 passed/);
    expect(printed["npx entrada access"]).toMatch(/mei\.tanaka[\s\S]*wiki +Writer/);
    expect(printed["npx entrada sandbox up"]).toContain("https://wiki.data.contoso.com");
    expect(commands.at(-1)).toBe("npx entrada sign-in wiki --as mei.tanaka");
    expect(printed[commands.at(-1) ?? ""]).toMatch(/Mei Tanaka is signed in to Wiki[\s\S]*Writer[\s\S]*writer/);
  });

  it("keeps out who has no role there, and leaves nothing to do", async () => {
    const refused = await run("node", ["cli/entrada.js", "sign-in", "wiki", "--as", "pavel.orlov"]).catch(
      (error: { stdout: string }) => error.stdout,
    );
    expect(refused).toContain("AADSTS50105");
    expect(await follow("npx entrada sandbox up")).toMatch(/Nothing changed/);
  });

  it("changes nothing but the tool's folder, one line, the settings and their schema", () => {
    const found = differences(projectRoot, copy, notCopied);
    expect(found).toEqual({
      added: ["contract.ts", "index.ts", "wiki.test.ts", "wiki.ts"].map((name) => `components/tools/wiki/${name}`),
      changed: ["components/tools/registered.ts", "stacks/Pulumi.sandbox.yaml", "stacks/settings.schema.json"],
      removed: [],
    });
    const lines = (root: string) => readFileSync(join(root, "components/tools/registered.ts"), "utf8").split("\n");
    expect(lines(copy).filter((line) => !lines(projectRoot).includes(line))).toEqual([
      'export { wiki } from "./wiki/index.ts";',
    ]);
  });
});
