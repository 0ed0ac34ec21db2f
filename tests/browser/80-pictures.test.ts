import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { renderAccess } from "../../cli/access-table.ts";
import { loadSettings, projectRoot, stackFile } from "../../cli/project.ts";
import { contracts } from "../../components/tools/registry.ts";
import { accessMatrix } from "../../model/index.ts";
import { useCompany } from "./shared.ts";

const { tools, person, signInName } = useCompany();

/** With ENTRADA_PICTURES set the README's pictures are made anew; otherwise they only have to be possible. */
const folder = process.env.ENTRADA_PICTURES
  ? join(projectRoot, "docs", "images")
  : mkdtempSync(join(tmpdir(), "entrada-pictures-"));
mkdirSync(folder, { recursive: true });
afterAll(() => {
  if (!process.env.ENTRADA_PICTURES) rmSync(folder, { recursive: true, force: true });
});

/** Width and height of a PNG file, from its header. */
function sizeOf(file: string): [number, number] {
  const bytes = readFileSync(file);
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** A terminal's window with a command and what it prints. */
const terminal = (command: string, text: string) => `<!doctype html><meta charset="utf-8"><title>${command}</title>
<style>body { margin: 0; padding: 20px 24px; background: #16181d; color: #d7dae0; width: max-content }
pre { font: 13px/1.45 "DejaVu Sans Mono", monospace; margin: 0 } b { color: #8bd5a0; font-weight: normal }</style>
<pre><b>$ ${command}</b>\n\n${escaped(text)}</pre>`;

describe("pictures for the README", () => {
  it("show who may do what", async () => {
    // The sample company's own settings: those of the tests have people who are there to leave.
    const matrix = accessMatrix(loadSettings(stackFile("sandbox")), contracts);
    const text = renderAccess(matrix, { width: 110 });
    const lines = text.slice(text.indexOf("PERSON")).split("\n").slice(0, 32);
    expect(lines.join("\n")).toContain("ana.lima");
    const { page } = await person();
    await page.setContent(terminal("npx entrada access", [...lines, "…"].join("\n")));
    const file = join(folder, "access.png");
    await page.locator("body").screenshot({ path: file });
    expect(sizeOf(file)[0]).toBeGreaterThan(600);
  });

  it("show a sign-in: Entra's page, its second factor, and the tool", async () => {
    const mei = await person();
    await mei.open(tools.superset.url);
    const link = mei.page.locator('a[href^="/login/azure"]');
    await link.click();
    await mei.page.locator("#username").waitFor();
    await mei.page.locator("#username").fill(signInName("mei.tanaka"));
    const clip = { x: 320, y: 20, width: 640, height: 440 };
    await mei.page.screenshot({ path: join(folder, "sign-in.png"), clip, caret: "hide" });
    expect(await mei.page.title()).toContain("Sign in");
    await mei.page.getByRole("button", { name: "Sign in", exact: true }).click();
    await mei.page.locator('button[name="mfa"]').first().click();
    await mei.page.getByText("Recents").waitFor();
    await mei.page.waitForLoadState("networkidle");
    await mei.screenshot(join(folder, "superset.png"));
    expect(sizeOf(join(folder, "superset.png"))).toEqual([1280, 800]);
  });
});
