import { mkdir, rename } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import type { Go } from "./go.ts";
import type { Tool } from "./tools.ts";

/** Tools of one module: one `go build` makes them, so that they share what is compiled and are linked side by side. */
export interface BuildGroup {
  readonly tools: readonly Tool[];
  readonly estimateSeconds: number;
}

/** Groups the tools by module and flags, the longest build first. */
export function groupBuilds(tools: readonly Tool[], cores = availableParallelism()): BuildGroup[] {
  const groups = new Map<string, Tool[]>();
  for (const tool of tools) {
    const key = `${tool.module.folder}\0${tool.ldflags}`;
    groups.set(key, [...(groups.get(key) ?? []), tool]);
  }
  return [...groups.values()]
    .map((members) => ({ tools: members, estimateSeconds: estimate(members, cores) }))
    .sort((a, b) => b.estimateSeconds - a.estimateSeconds);
}

function estimate(tools: readonly Tool[], cores: number): number {
  // The figures are from two cores; linking keeps a build from using more than about eight.
  return (tools.reduce((sum, tool) => sum + tool.buildSeconds, 0) * 2) / Math.min(Math.max(cores, 1), 8);
}

/**
 * How many groups to build at a time. Two on two cores and more: while one downloads modules or links, which takes one core,
 * the other compiles. One where memory is short, because linking takes up to 1.5 GB.
 */
export function buildsAtATime(cores = availableParallelism(), memoryBytes = totalmem()): number {
  return cores >= 2 && memoryBytes >= 7e9 ? 2 : 1;
}

/** Builds a group into `folder`: one subfolder per tool, holding `bin/<tool>`. */
export async function buildGroup(go: Go, group: BuildGroup, folder: string): Promise<void> {
  const [first] = group.tools;
  if (!first) return;
  const output = join(folder, "output");
  await mkdir(output, { recursive: true });
  await go.run(
    [
      "build",
      "-mod=readonly",
      "-trimpath",
      "-ldflags",
      first.ldflags,
      "-o",
      `${output}/`,
      ...group.tools.map((tool) => tool.goPackage),
    ],
    first.module.folder,
  );
  for (const tool of group.tools) {
    await mkdir(join(folder, tool.name, "bin"), { recursive: true });
    await rename(join(output, tool.builtAs), join(folder, tool.name, "bin", tool.name));
  }
}
