import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** Where a sandbox keeps its things; everything below `root` is private to its user. */
export interface SandboxLayout {
  readonly root: string;
  /** Pulumi's file backend. */
  readonly state: string;
  /** Pulumi.yaml and the stack file as the engine sees them: it writes its salt there, the checkout stays clean. */
  readonly workspace: string;
  /** Pulumi's own home (credentials, plugin cache), so that the user's stays untouched. */
  readonly pulumiHome: string;
  readonly network: string;
  readonly cluster: string;
  readonly emulator: string;
  readonly run: string;
  readonly logs: string;
  readonly secrets: string;
}

/** The layout below a folder, without touching the disk. */
export function sandboxLayout(root: string): SandboxLayout {
  return {
    root,
    state: join(root, "state"),
    workspace: join(root, "workspace"),
    pulumiHome: join(root, "pulumi-home"),
    network: join(root, "network"),
    cluster: join(root, "cluster"),
    emulator: join(root, "emulator"),
    run: join(root, "run"),
    logs: join(root, "logs"),
    secrets: join(root, "secrets"),
  };
}

/** Makes the folders. An existing one is closed to others again, whoever opened it. */
export function prepareLayout(layout: SandboxLayout): void {
  for (const folder of Object.values(layout)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
}
