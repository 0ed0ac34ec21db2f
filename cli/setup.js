// Runs before anything is installed, so it is plain JavaScript with nothing but Node: it installs the packages that
// package-lock.json pins, when they are not there yet, and then starts the command line.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".entrada-lock");

const lowest = [20, 12];
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < lowest[0] || (major === lowest[0] && minor < lowest[1])) {
  console.error(
    `Entrada needs Node ${lowest.join(".")} or newer, this is ${process.versions.node}. Install a newer Node and run the command again.`,
  );
  process.exit(1);
}

const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  const started = Date.now();
  console.log("Installing the packages that package-lock.json pins (about one minute)…");
  const code = await run("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"]);
  if (code !== 0) {
    console.error(
      "npm ci failed: see its message above. Entrada needs npm and a network with the npm registry for its first start.",
    );
    process.exit(1);
  }
  writeFileSync(stamp, lock);
  console.log(`Packages installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

const [command, ...rest] = process.argv.slice(2);
if (command === "install") process.exit(0);
const entry = command === "test" ? ["tests/main.ts"] : ["cli/main.ts", ...(command ? [command] : [])];
process.exit(await run(process.execPath, ["--import", "tsx", ...entry, ...rest]));

/** Runs a program in the project's folder with this one's terminal; an interrupt reaches it by the terminal itself. */
function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: "inherit" });
    const ignore = () => {};
    process.on("SIGINT", ignore);
    process.on("SIGTERM", () => child.kill("SIGTERM"));
    child.on("error", (error) => {
      console.error(`${program} cannot be started: ${error.message}`);
      resolve(1);
    });
    child.on("exit", (code, signal) => {
      process.off("SIGINT", ignore);
      resolve(code ?? (signal === "SIGINT" ? 130 : 1));
    });
  });
}
