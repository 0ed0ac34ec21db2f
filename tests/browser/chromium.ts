import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { findOnPath } from "../../sandbox/toolchain/search-path.ts";
import { ensureSystemProgram } from "../../sandbox/toolchain/system-program.ts";

const run = promisify(execFile);

/** Where the browser's requests go, and whose certificates it takes. */
export interface BrowserOptions {
  /** `http://127.0.0.1:port` of the sandbox's proxy. */
  readonly proxy: string;
  /** The sandbox's certificate authority, PEM. */
  readonly caFile: string;
  readonly log?: (line: string) => void;
}

/** A running Chromium. Each person has a context of its own: cookies are never shared. */
export interface TestBrowser {
  newContext(): Promise<BrowserContext>;
  /** Ends the browser with all contexts, and removes its folder. */
  close(): Promise<void>;
}

/** Under which names a Chromium may stand on PATH. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Hosts that Chromium itself calls. */
const MAKERS = ["*.google.com", "*.googleapis.com", "*.gstatic.com", "*.gvt1.com"];

/**
 * What keeps Chromium itself off the network, beside what Playwright sets: a host that the proxy refuses is to be one that a
 * tool called. Its maker's hosts are looked up in the browser, where they lead nowhere; pages that ask for them are still seen
 * in `Person.hosts`.
 */
const QUIET = [
  "--disable-domain-reliability",
  "--disable-quic",
  "--no-pings",
  `--proxy-bypass-list=${MAKERS.join(";")}`,
  `--host-resolver-rules=${MAKERS.map((host) => `MAP ${host} ~NOTFOUND`).join(",")}`,
];

/** Starts Chromium with a new home, whose certificate store holds the sandbox's authority and no other change. */
export async function startBrowser({ proxy, caFile, log }: BrowserOptions): Promise<TestBrowser> {
  const executablePath = await findChromium(log);
  const certutil = await ensureSystemProgram(
    { program: "certutil", package: "libnss3-tools", purpose: "gives the browser the sandbox's certificate authority" },
    { log },
  );
  const home = mkdtempSync(join(tmpdir(), "entrada-browser-"));
  const remove = () => rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  try {
    await trust(certutil, home, caFile);
    const browser = await chromium.launch({
      executablePath,
      args: [`--proxy-server=${proxy}`, ...QUIET],
      // Chromium refuses its own sandbox to root.
      chromiumSandbox: process.getuid?.() !== 0,
      env: { ...withoutProxies(process.env), HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, TMPDIR: home },
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

async function findChromium(log?: (line: string) => void): Promise<string> {
  const found = NAMES.map((name) => findOnPath(name, process.env.PATH ?? "")).find((file) => file !== undefined);
  const wanted = { program: "chromium", package: "chromium", purpose: "signs people in to the tools" };
  return found ?? (await ensureSystemProgram(wanted, { log }));
}

/** Chromium reads the user's own certificate store at `~/.pki/nssdb`. */
async function trust(certutil: string, home: string, caFile: string): Promise<void> {
  const folder = join(home, ".pki", "nssdb");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const store = ["-d", `sql:${folder}`];
  await run(certutil, ["-N", ...store, "--empty-password"]);
  await run(certutil, ["-A", ...store, "-t", "C,,", "-n", "Entrada sandbox", "-i", caFile]);
}

/** The proxy is the one on the command line, whatever this shell has. */
function withoutProxies(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? ""]));
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
