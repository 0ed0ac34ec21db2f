import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { type BrowserOptions, prepareBrowser } from "../../sandbox/browser.ts";

/** A running Chromium. Each person has a context of its own: cookies are never shared. */
export interface TestBrowser {
  newContext(): Promise<BrowserContext>;
  /** Ends the browser with all contexts, and removes its folder. */
  close(): Promise<void>;
}

/** Starts Chromium with a new home, whose certificate store holds the sandbox's authority and no other change. */
export async function startBrowser(options: Omit<BrowserOptions, "home">): Promise<TestBrowser> {
  const home = mkdtempSync(join(tmpdir(), "entrada-browser-"));
  const remove = () => rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  try {
    const { executable, args, env } = await prepareBrowser({ ...options, home });
    const browser = await chromium.launch({
      executablePath: executable,
      args: [...args],
      // Chromium refuses its own sandbox to root.
      chromiumSandbox: process.getuid?.() !== 0,
      env: { ...env },
    });
    return {
      newContext: () => newContext(browser),
      close: async () => {
        await browser.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

async function newContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
    locale: "en-GB",
    reducedMotion: "reduce",
    timezoneId: "Europe/Lisbon",
  });
  context.setDefaultTimeout(30_000);
  return context;
}
