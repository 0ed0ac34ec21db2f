import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { azureInProcess } from "../../cli/bootstrap/testing.ts";
import { bootstrap } from "../../cli/commands/bootstrap.ts";
import type { InitCommand } from "../../cli/commands/init.ts";
import { emptyCheckout, runInit } from "../../cli/init/testing.ts";
import { loadSettings, projectRoot } from "../../cli/project.ts";
import { commandsOf, wordsOf } from "./page-commands.ts";

const page = readFileSync(new URL("../../docs/production.md", import.meta.url), "utf8");
const commands = commandsOf(page);
const starting = (...words: string[]) =>
  commands.filter((command) => words.every((word, index) => command.words[index] === word));

let root: string;
beforeAll(() => {
  root = emptyCheckout();
});
afterAll(() => rmSync(root, { recursive: true }));

/** The options of a command line as commander hands them over. */
function optionsOf(words: readonly string[]): InitCommand {
  const repeated = new Set(["team", "tool", "set"]);
  const options: Record<string, unknown> = {};
  for (let index = 0; index < words.length; index += 2) {
    const name = (words[index] ?? "")
      .replace(/^--/, "")
      .replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const value = words[index + 1];
    options[name] = repeated.has(name) ? [...((options[name] as string[]) ?? []), value] : value;
  }
  return options;
}

describe("docs/production.md", () => {
  it("goes from the stack file to the state, the preview and up, then to prod", () => {
    const order = [
      ["npx", "entrada", "init", "qa"],
      ["npx", "entrada", "bootstrap", "qa"],
      ["pulumi", "stack", "init", "qa"],
      ["pulumi", "preview", "--stack", "qa"],
      ["pulumi", "up", "--stack", "qa"],
      ["pulumi", "up", "--stack", "prod"],
    ].map((words) => commands.findIndex((command) => words.every((word, index) => command.words[index] === word)));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it("has an init that writes a stack file as it is typed", async () => {
    const [command] = starting("npx", "entrada", "init");
    const { error } = await runInit(root, "qa", optionsOf(command?.words.slice(4) ?? []));
    expect(error).toBeUndefined();
    expect(loadSettings(join(root, "stacks", "Pulumi.qa.yaml"))).toMatchObject({
      domain: "data.qa.contoso.com",
      tools: { superset: { access: { Admin: ["bi-admins"], Alpha: ["analysts"] } } },
    });
  });

  it("prints the lines for Pulumi in the shape in which bootstrap does", async () => {
    const azure = azureInProcess(join(root, "elsewhere"));
    const printed: string[] = [];
    const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
    try {
      await bootstrap("qa", { subscription: azure.subscription, location: "westeurope" }, azure.place);
    } finally {
      spy.mockRestore();
    }
    const said = printed
      .join("")
      .split("\n")
      .map((line) => line.trim());
    for (const { line } of [...starting("pulumi", "login"), ...starting("pulumi", "stack", "init")]) {
      const shape = new RegExp(`^${line.replaceAll(/[.?*+^$()[\]{}|\\]/g, "\\$&").replaceAll(/<\w+>/g, "[\\w-]+")}$`);
      expect(said.filter((one) => shape.test(one))).toHaveLength(1);
    }
  });

  it("names commands of entrada and scripts of npm that there are", () => {
    const main = readFileSync(join(projectRoot, "cli/main.ts"), "utf8");
    const { scripts } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { scripts: object };
    // Another part brings `policies`; the page is the same before and after.
    const used = new Set(starting("npx", "entrada").map(({ words }) => words[2]));
    used.delete("policies");
    expect([...used].sort()).toEqual(["access", "bootstrap", "environments", "init", "what-if"]);
    for (const name of used) expect(main).toContain(`.command("${name}")`);
    for (const { words } of starting("npm", "run")) expect(Object.keys(scripts)).toContain(words[2]);
  });
});

describe("a page's commands", () => {
  it("are joined at backslashes, and split as a shell splits them", () => {
    const text = "```sh\na --b 'c d' \\\n  e   # why\n# nothing\n\nf \"g h\"\n```\n```ts\nno\n```\n";
    expect(commandsOf(text).map(({ words }) => words)).toEqual([
      ["a", "--b", "c d", "e"],
      ["f", "g h"],
    ]);
    expect(wordsOf("x 'y'")).toEqual(["x", "y"]);
  });
});
