import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { vi } from "vitest";
import { findChromium } from "../../sandbox/browser.ts";

const inPage = readFileSync(join(import.meta.dirname, "in-page.js"), "utf8");

/** A window and its reader's taste. */
export interface Window {
  readonly width: number;
  readonly height: number;
  /** Default: light. */
  readonly colorScheme?: "light" | "dark";
}

/** A page that is open, with what it asked for. */
export interface OpenPage {
  readonly page: Page;
  /** Every address that the page loaded or tried to load. */
  readonly requests: readonly string[];
  /** What the browser complained about, breaches of the page's own policy among it. */
  readonly complaints: readonly string[];
}

/** A Chromium that finds no host at all. */
export async function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: await findChromium(process.env),
    args: ["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--no-first-run"],
    // Chromium refuses its own sandbox to root.
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

/**
 * Opens a file as somebody would who got it by mail: in a new window, without anything from before. The page then answers what
 * `in-page.js` asks, as `look.…`.
 * @param fragment what stands behind the address' `#`. Default: nothing
 */
export async function open(
  browser: Browser,
  file: string,
  { width, height, colorScheme = "light" }: Window,
  fragment?: string,
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    locale: "en-GB",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  const address = pathToFileURL(file).href;
  await page.goto(fragment === undefined ? address : `${address}#${fragment}`, { waitUntil: "load" });
  await page.evaluate(inPage);
  return { page, requests, complaints };
}

/**
 * Asks the page a question until the answer is true-like, from outside of it: the page forbids `eval`, by which Playwright's own
 * `waitForFunction` asks again whatever was not true at once.
 * @param seconds when to give up. Default: 10
 * @returns the answer
 */
export async function until<T>(page: Page, question: string, seconds = 10): Promise<T> {
  const ask = async () => {
    const answer = await page.evaluate<T>(question);
    if (!answer) throw new Error(`${question} is still ${String(answer)} after ${seconds} s`);
    return answer;
  };
  return vi.waitFor(ask, { timeout: seconds * 1000, interval: 50 });
}
