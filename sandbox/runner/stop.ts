import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { KubernetesClient } from "../cluster/client.ts";
import { readKubeconfig } from "../cluster/kubeconfig.ts";
import type { SandboxLayout } from "../layout.ts";
import { endProcess, isRunning } from "../processes.ts";
import { runningSandbox } from "../supervisor/record.ts";
import { readRunner, removeRunner } from "./record.ts";
import { releaseCluster } from "./release.ts";
import { removeRuntimeFolder } from "./runtime-folder.ts";

/** A pod may take half a minute to end by itself, and PostgreSQL writes down what it holds. */
const GRACE_MS = 60_000;

/**
 * Ends the runner with everything that it started, and takes away what one that was killed has left: mounted secrets, and the
 * pods of its node. @returns whether it was running
 */
export async function stopRunner(layout: SandboxLayout): Promise<boolean> {
  const record = readRunner(layout);
  if (record === undefined) return false;
  const running = isRunning(record.process);
  if (running) await endProcess(record.process, GRACE_MS);
  removeRuntimeFolder(layout);
  rmSync(join(layout.root, "pods"), { recursive: true, force: true });
  await releaseFromOutside(layout);
  removeRunner(layout);
  return running;
}

async function releaseFromOutside(layout: SandboxLayout): Promise<void> {
  const sandbox = runningSandbox(layout);
  // Without an API server that answers the next runner does it at its start.
  if (sandbox === undefined || !existsSync(sandbox.kubeconfig)) return;
  const client = new KubernetesClient(readKubeconfig(readFileSync(sandbox.kubeconfig, "utf8")));
  try {
    await releaseCluster(client);
  } catch {
    // It is ending, or has been killed: everything else of the sandbox can be stopped all the same.
  } finally {
    await client.close();
  }
}
