import { copyFile, mkdir, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { ToolchainError } from "./errors.ts";
import type { Go } from "./go.ts";
import { type PinnedModule, readPinnedModule } from "./versions.ts";

/** Files that the sandbox takes out of a Go module: nothing is built, go.sum is the check. */
export interface FileSet {
  readonly name: "crds" | "kwok-stages";
  readonly module: PinnedModule;
  /** Name of the cache entry, without the fingerprint. */
  readonly version: string;
  readonly sources: readonly { readonly module: string; readonly folder: string; readonly pattern: RegExp }[];
}

/** The custom resource definitions of the cluster, and the stages with which kwok plays a node. */
export function describeFileSets(modules: string): readonly FileSet[] {
  const crds = readPinnedModule(join(modules, "crds"));
  const kwok = readPinnedModule(join(modules, "kwok"));
  const cilium = "github.com/cilium/cilium";
  const gateway = "sigs.k8s.io/gateway-api";
  const secretsStore = "sigs.k8s.io/secrets-store-csi-driver";
  const stage = (folder: string) => ({
    module: "sigs.k8s.io/kwok",
    folder: `kustomize/stage/${folder}`,
    pattern: /^(node|pod)-.*\.yaml$/,
  });
  return [
    {
      name: "crds",
      module: crds,
      version: [cilium, gateway, secretsStore].map((module) => crds.version(module)).join("-"),
      sources: [
        // Of Cilium's definitions the one that stacks use; the others are large, and its agent's own business.
        {
          module: cilium,
          folder: "pkg/k8s/apis/cilium.io/client/crds/v2",
          pattern: /^ciliumnetworkpolicies\.yaml$/,
        },
        { module: gateway, folder: "config/crd/standard", pattern: /^gateway\.networking\.k8s\.io_.*\.yaml$/ },
        { module: secretsStore, folder: "deploy", pattern: /^(secrets-store\.csi\.x-k8s\.io_.*|csidriver)\.yaml$/ },
      ],
    },
    {
      name: "kwok-stages",
      module: kwok,
      version: kwok.version("sigs.k8s.io/kwok"),
      sources: [stage("node/fast"), stage("node/heartbeat"), stage("pod/fast")],
    },
  ];
}

/** Copies a file set into `folder`. */
export async function copyFileSet(go: Go, set: FileSet, folder: string): Promise<void> {
  const folders = await moduleFolders(go, set);
  await mkdir(folder, { recursive: true });
  for (const source of set.sources) {
    const from = join(folders.get(source.module) ?? "", source.folder);
    const names = (await readdir(from)).filter((name) => source.pattern.test(name));
    if (names.length === 0)
      throw new ToolchainError(
        `${source.module} holds no matching file in ${source.folder}: the pinned version is not the expected one.`,
      );
    for (const name of names) await copyFile(join(from, name), join(folder, basename(name)));
  }
}

/** The files of a set that stands in the cache. */
export async function listFileSet(entry: string): Promise<string[]> {
  return (await readdir(entry))
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => join(entry, name));
}

async function moduleFolders(go: Go, set: FileSet): Promise<Map<string, string>> {
  const names = [...new Set(set.sources.map((source) => source.module))];
  const output = await go.run(["mod", "download", "-json", ...names], set.module.folder);
  // One JSON object after the other, each closed by a brace at the start of a line.
  const objects = output.split(/(?<=^\})\s*$/m).filter((text) => text.trim() !== "");
  const folders = objects.map((text) => JSON.parse(text) as { Path: string; Dir: string });
  return new Map(folders.map(({ Path, Dir }) => [Path, Dir]));
}
