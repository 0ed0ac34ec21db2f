import { spawn } from "node:child_process";
import { ToolchainError } from "./errors.ts";
import { findOnPath } from "./search-path.ts";
import { compareVersions, parseVersion, type Version } from "./versions.ts";

/** A Go command that is good enough for the pinned modules. */
export interface Go {
  readonly file: string;
  /** Runs it and gives what it printed. @throws ToolchainError with the last lines of its complaint. */
  run(args: readonly string[], folder: string): Promise<string>;
}

/**
 * Finds Go on PATH and checks that it can build modules that ask for `needed`: it is new enough, or may fetch the right
 * release itself (GOTOOLCHAIN=auto, its default).
 */
export async function findGo(needed: Version, env: NodeJS.ProcessEnv): Promise<Go> {
  const wanted = needed.join(".");
  const file = findOnPath("go", env.PATH ?? "");
  if (!file) {
    throw new ToolchainError(
      `Go is not installed, and the sandbox needs it to build what cannot be downloaded. Install Go ${wanted} or newer (https://go.dev/doc/install) and put it on PATH.`,
    );
  }
  const go: Go = { file, run: (args, folder) => runGo(file, args, folder, env) };
  const root = "/";
  const [version, toolchain] = (await go.run(["env", "GOVERSION", "GOTOOLCHAIN"], root)).split("\n");
  const found = parseVersion(/\d+\.\d+\.\d+/.test(version ?? "") ? (version ?? "") : `${version}.0`);
  if (!found)
    throw new ToolchainError(
      `${file} does not say its version: install Go ${wanted} or newer (https://go.dev/doc/install).`,
    );
  const fetchesItself = toolchain === "auto" || toolchain?.endsWith("+auto");
  if (compareVersions(found, needed) < 0 && (compareVersions(found, [1, 21, 0]) < 0 || !fetchesItself)) {
    throw new ToolchainError(
      `${file} is Go ${found.join(".")}, but ${wanted} is needed${toolchain === "local" ? " and GOTOOLCHAIN=local forbids fetching it" : ""}. Install Go ${wanted} or newer (https://go.dev/doc/install).`,
    );
  }
  return go;
}

function runGo(file: string, args: readonly string[], folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: folder,
      // No workspace file of a folder above may replace what is pinned, and no C compiler is needed.
      env: { ...env, GOWORK: "off", CGO_ENABLED: "0" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      // A cold build names every module it downloads; the complaint stands at the end.
      stderr = (stderr + text).slice(-20_000);
    });
    child.on("error", (error) => reject(new ToolchainError(`${file} does not start: ${error.message}`)));
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else reject(explainGo(args[0] ?? "", `${stderr}\n${stdout}`));
    });
  });
}

/** Turns Go's complaint into a sentence with its fix. */
export function explainGo(command: string, output: string): Error {
  if (/no space left on device/i.test(output)) return new Error("no space left on device");
  const toolchain = /requires go >= (\S+) \(running go (\S+?)[;)]/.exec(output);
  if (toolchain) {
    return new ToolchainError(
      `Go ${toolchain[2]} is too old, ${toolchain[1]} is needed, and GOTOOLCHAIN forbids fetching it. Install Go ${toolchain[1]} or newer (https://go.dev/doc/install).`,
    );
  }
  if (/toolchain not available|download go1\S* for/.test(output)) {
    return new ToolchainError(
      `Go cannot fetch the newer Go release that the sandbox needs. Install it by hand (https://go.dev/doc/install). Go says: ${lastLines(output, 1)}`,
    );
  }
  if (/checksum mismatch|SECURITY ERROR/.test(output)) {
    return new ToolchainError(
      `A downloaded Go module is not the one that toolchain/ pins in its go.sum. Check GOPROXY, then try again. Go says: ${lastLines(output, 3)}`,
    );
  }
  if (
    /dial tcp|no such host|connection refused|i\/o timeout|proxyconnect|TLS handshake timeout|Forbidden|module lookup disabled/.test(
      output,
    )
  ) {
    return new ToolchainError(
      `Go cannot fetch its modules: connect to a network, or set GOPROXY to a proxy that this machine reaches. Go says: ${lastLines(output, 2)}`,
    );
  }
  return new ToolchainError(`"go ${command}" failed: ${lastLines(output, 6)}`);
}

function lastLines(text: string, count: number): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("go: downloading "));
  return lines.slice(-count).join("\n");
}
