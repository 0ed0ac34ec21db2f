import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sandboxLayout } from "../../sandbox/layout.ts";
import { endProcess, identify, type ProcessIdentity } from "../../sandbox/processes.ts";
import { stopSandbox } from "../../sandbox/supervisor/stop.ts";

/** The environment variable by which a run's processes are known: its value is the run's folder. */
export const MARK = "ENTRADA_TEST_RUN";

/** A supervisor and a runner end what they started, in order; this is how long that may take. */
const GRACE_MS = 30_000;

/**
 * Ends every process of a run and removes its folder. After a run that was not interrupted there is nothing to end.
 * @param folder the run's temporary folder; sandboxes lie right in it
 * @param run the run's own process id: while it lives it ends its workers itself
 */
export async function removeLeftovers(folder: string, run: number, log: (text: string) => void): Promise<void> {
  const left = marked(folder, run);
  if (left.length > 0) log(`Ending what the tests left: ${left.map(({ title }) => title).join(", ")}`);
  await Promise.all(left.map((one) => endProcess(one, GRACE_MS)));
  // What these had started without handing down the mark stands in the sandboxes' records.
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    await stopSandbox(sandboxLayout(join(folder, entry.name))).catch((error: Error) => log(error.message));
  }
  await Promise.all(marked(folder, run).map((one) => endProcess(one)));
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

interface Left extends ProcessIdentity {
  readonly title: string;
}

/** The running processes that were started with the mark. Systems without /proc tell nobody; there only sandboxes are ended. */
function marked(folder: string, run: number): Left[] {
  const pids = listed("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.flatMap((pid) => {
    if (!read(pid, "environ").split("\0").includes(`${MARK}=${folder}`)) return [];
    const identity = identify(Number(pid));
    const isWorker = new RegExp(`^PPid:\\s*${run}$`, "m").test(read(pid, "status"));
    if (identity === undefined || isWorker) return [];
    return { ...identity, title: read(pid, "cmdline").replaceAll("\0", " ").trim().slice(0, 80) };
  });
}

/** Nothing of a process that has ended meanwhile, or is somebody else's. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
