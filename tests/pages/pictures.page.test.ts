import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadSettings, projectRoot, stackFile } from "../../cli/project.ts";
import { open, startChromium } from "./chromium.ts";
import { pagesFolder } from "./report-file.ts";

const pages = pagesFolder();
/** With ENTRADA_PICTURES set the pictures of docs/access-review.md are made anew; otherwise they only have to be possible. */
const folder = process.env.ENTRADA_PICTURES ? join(projectRoot, "docs", "images") : pages.folder;
mkdirSync(folder, { recursive: true });
let browser: Browser;

beforeAll(async () => {
  browser = await startChromium();
});
afterAll(async () => {
  await browser?.close();
  pages.remove();
});

/** What a phone shows after some scrolling, and what a desk shows at once. */
it.each([
  [390, 844, "light", "#people"],
  [1440, 1200, "light", "#overview"],
] as const)("the report's picture at %i px", async (width, height, colorScheme, place) => {
  const file = pages.report("sandbox", loadSettings(stackFile("sandbox")));
  const { page } = await open(browser, file, { width, height, colorScheme });
  await page.evaluate(`document.querySelector("${place}").scrollIntoView()`);
  const picture = join(folder, `report-${width}.png`);
  await page.screenshot({ path: picture });
  const bytes = readFileSync(picture);
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([width, height]);
  expect(statSync(picture).size).toBeLessThan(300_000);
});
