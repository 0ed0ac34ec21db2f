import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { findOnPath } from "./toolchain/search-path.ts";
import { ensureSystemProgram } from "./toolchain/system-program.ts";

const run = promisify(execFile);

/** Where a browser's requests go, and whose certificates it takes. */
export interface BrowserOptions {
  /** `http://127.0.0.1:port` of the sandbox's proxy. */
  readonly proxy: string;
  /** The sandbox's certificate authority, PEM. */
  readonly caFile: string;
  /** Folder that stands for the user's home: certificates, cookies, caches. Made when it is not there. */
  readonly home: string;
  readonly log?: (line: string) => void;
  /** Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

/** How a Chromium is started that sees the sandbox as people see a company's network. */
export interface BrowserStart {
  readonly executable: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Under which names a Chromium may stand on PATH. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Hosts that Chromium itself calls. */
const MAKERS = ["*.google.com", "*.googleapis.com", "*.gstatic.com", "*.gvt1.com"];

/**
 * What keeps Chromium itself off the network: a host that the proxy refuses is to be one that a tool called. Its maker's hosts are
 * looked up in the browser, where they lead nowhere.
 */
const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-quic",
  "--disable-sync",
  "--no-default-browser-check",
  "--no-first-run",
  "--no-pings",
  `--proxy-bypass-list=${MAKERS.join(";")}`,
  `--host-resolver-rules=${MAKERS.map((host) => `MAP ${host} ~NOTFOUND`).join(",")}`,
];

/**
 * Finds Chromium (PATH, else Debian's package) and gives it a home of its own, whose certificate store holds the sandbox's
 * authority. The user's own profile and trust stay as they are.
 * @throws ToolchainError when Chromium or certutil cannot be had
 */
export async function prepareBrowser({
  proxy,
  caFile,
  home,
  log,
  env = process.env,
}: BrowserOptions): Promise<BrowserStart> {
  const executable = await findChromium(env, log);
  const certutil = await ensureSystemProgram(
    { program: "certutil", package: "libnss3-tools", purpose: "gives the browser the sandbox's certificate authority" },
    { log, env },
  );
  await trust(certutil, home, caFile);
  return {
    executable,
    args: [`--proxy-server=${proxy}`, ...QUIET],
    env: { ...withoutProxies(env), HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, TMPDIR: home },
  };
}

/**
 * Chromium's path: from PATH, else from Debian's package.
 * @throws ToolchainError when it cannot be had
 */
export async function findChromium(env: NodeJS.ProcessEnv, log?: (line: string) => void): Promise<string> {
  const found = NAMES.map((name) => findOnPath(name, env.PATH ?? "")).find((file) => file !== undefined);
  const wanted = { program: "chromium", package: "chromium", purpose: "shows pages and signs people in to the tools" };
  return found ?? (await ensureSystemProgram(wanted, { log, env }));
}

/** Chromium reads the user's own certificate store at `~/.pki/nssdb`. The authority is put in anew: a reset makes another one. */
async function trust(certutil: string, home: string, caFile: string): Promise<void> {
  const folder = join(home, ".pki", "nssdb");
  const store = ["-d", `sql:${folder}`];
  const name = ["-n", "Entrada sandbox"];
  if (existsSync(folder)) await run(certutil, ["-D", ...store, ...name]).catch(() => {});
  else {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await run(certutil, ["-N", ...store, "--empty-password"]);
  }
  await run(certutil, ["-A", ...store, "-t", "C,,", ...name, "-i", caFile]);
}

/** The proxy is the one on the command line, whatever this shell has. */
function withoutProxies(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? ""]));
}
