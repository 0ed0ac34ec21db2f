import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { DeclaredTool, ToolContract, ToolRole } from "../../model/index.ts";
import { changesOf } from "../sandbox/changes/kinds.ts";

const folder = mkdtempSync(join(tmpdir(), "entrada-kinds-"));
afterAll(() => rmSync(folder, { recursive: true }));

const stack = {
  config: {
    "entrada:domain": "data.contoso.com",
    "entrada:tools": {
      charts: { image: "contoso.azurecr.io/charts:1.2.3", access: { Admin: ["a"], Editor: ["b", "c"] } },
      custom: { reports: { access: { User: ["a"] } } },
    },
  },
};

function declared(id: string, path: string[], tool: object, roles: Partial<ToolRole>[]): DeclaredTool {
  const contract = { roles: () => roles.map((role) => ({ admin: false, ...role })) } as unknown as ToolContract;
  return { id, contract, tool: tool as DeclaredTool["tool"], path };
}

const { charts, custom } = stack.config["entrada:tools"];
const tools = [
  declared("charts", ["tools", "charts"], charts, [
    { value: "Admin", admin: true },
    { value: "Editor" },
    { value: "Bot", holders: ["Application"] },
    { value: "Viewer" },
  ]),
  declared("reports", ["tools", "custom", "reports"], custom.reports, [{ value: "User" }]),
];

function make(tool: string) {
  const file = join(folder, "Pulumi.yaml");
  writeFileSync(file, `# kept\n${JSON.stringify(stack)}\n`);
  const made = changesOf(file, "data.contoso.com", tools).filter((change) => change.tool === tool);
  return Object.fromEntries(
    made.map(({ kind, text }) => [kind, (parse(text) as typeof stack).config["entrada:tools"]]),
  ) as Record<string, Record<string, unknown>>;
}

describe("the changes to a tool's settings", () => {
  it("take it out, rename its host, take a new build and move a team between people's roles", () => {
    expect(make("charts")).toEqual({
      off: { custom },
      host: { charts: { ...charts, host: "charts-renamed.data.contoso.com" }, custom },
      upgrade: { charts: { ...charts, image: "contoso.azurecr.io/charts:1.2.3-2" }, custom },
      team: { charts: { ...charts, access: { Admin: ["a"], Editor: ["b"], Viewer: ["c"] } }, custom },
    });
  });

  it("leave out what a tool does not have: an image, a second role", () => {
    expect(make("reports")).toEqual({
      off: { charts, custom: {} },
      host: { charts, custom: { reports: { ...custom.reports, host: "reports-renamed.data.contoso.com" } } },
    });
  });
});
