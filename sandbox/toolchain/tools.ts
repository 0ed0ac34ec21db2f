import { join } from "node:path";
import { ToolchainError } from "./errors.ts";
import { type PinnedModule, parseVersion, readPinnedModule, type Version, type VersionRange } from "./versions.ts";

export const TOOL_NAMES = [
  "pulumi",
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;
export type ToolName = (typeof TOOL_NAMES)[number];
/** Tools that only those fetch who need them. */
export type ExtraToolName = "oauth2-proxy" | "actionlint";

/** How a publisher offers a ready-built binary, with its checksum. */
export type Release =
  | { readonly kind: "binary"; readonly url: string; readonly checksumUrl: string }
  | { readonly kind: "archive"; readonly url: string; readonly checksumUrl: string; readonly member: string }
  | { readonly kind: "pulumi-installer" };

/** One program of the toolchain: what it is called, which versions will do, and where it comes from. */
export interface Tool {
  readonly name: ToolName | ExtraToolName;
  /** Pinned version without the `v`. */
  readonly version: string;
  readonly range: VersionRange;
  /** Arguments that make it print its version. */
  readonly versionArguments: readonly string[];
  readonly module: PinnedModule;
  /** Go main package, and the file name that `go build` gives it. */
  readonly goPackage: string;
  readonly builtAs: string;
  readonly ldflags: string;
  /** Undefined where the publisher offers none for this machine, or none with a checksum. */
  readonly release?: Release;
  /** Seconds that its build takes from nothing on two cores, for the progress line. */
  readonly buildSeconds: number;
}

/** Release hosts; a test gives its own on loopback. */
export interface ReleaseHosts {
  readonly kubernetes: string;
  readonly etcd: string;
  /** Only asked whether it can be reached: the installer knows its own addresses. */
  readonly pulumi: string;
}

export const RELEASE_HOSTS: ReleaseHosts = {
  kubernetes: "https://dl.k8s.io/release",
  etcd: "https://github.com/etcd-io/etcd/releases/download",
  pulumi: "https://get.pulumi.com",
};

export interface Platform {
  readonly os: string;
  readonly arch: string;
}

/** This machine in Go's words. */
export function thisPlatform(): Platform {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  return { os: process.platform, arch };
}

/** The tools with what `toolchain/` pins. */
export function describeTools(modules: string, hosts: ReleaseHosts, platform: Platform): Tool[] {
  const pulumi = readPinnedModule(join(modules, "pulumi"));
  const kubernetes = readPinnedModule(join(modules, "kubernetes"));
  const kwok = readPinnedModule(join(modules, "kwok"));
  return [
    pulumiTool(pulumi),
    etcdTool(kubernetes, hosts, platform),
    kubeTool("kube-apiserver", 200, kubernetes, hosts, platform),
    kubeTool("kube-controller-manager", 50, kubernetes, hosts, platform),
    kubeTool("kube-scheduler", 15, kubernetes, hosts, platform),
    kwokTool(kwok),
  ];
}

function pulumiTool(module: PinnedModule): Tool {
  const tag = module.version("github.com/pulumi/pulumi/pkg/v3");
  const version = versionOf(tag);
  return {
    name: "pulumi",
    version: tag.slice(1),
    // The SDK in package.json refuses an older CLI of its own major version, and any other major version.
    range: { min: version, below: [version[0] + 1, 0, 0] },
    versionArguments: ["version"],
    module,
    goPackage: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    builtAs: "pulumi",
    ldflags: `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${tag}`,
    release: { kind: "pulumi-installer" },
    buildSeconds: 225,
  };
}

function kubeTool(
  name: "kube-apiserver" | "kube-controller-manager" | "kube-scheduler",
  buildSeconds: number,
  module: PinnedModule,
  hosts: ReleaseHosts,
  platform: Platform,
): Tool {
  const tag = module.version("k8s.io/kubernetes");
  const version = versionOf(tag);
  const url = `${hosts.kubernetes}/${tag}/bin/${platform.os}/${platform.arch}/${name}`;
  return {
    name,
    version: tag.slice(1),
    // One minor version for all three, so that whatever comes from PATH and whatever is built fit together.
    range: { min: [version[0], version[1], 0], below: [version[0], version[1] + 1, 0] },
    versionArguments: ["--version"],
    module,
    goPackage: `k8s.io/kubernetes/cmd/${name}`,
    builtAs: name,
    ldflags: kubernetesLdflags(tag),
    // Server binaries are published for Linux only.
    ...(platform.os === "linux" ? { release: { kind: "binary", url, checksumUrl: `${url}.sha256` } as const } : {}),
    buildSeconds,
  };
}

function etcdTool(module: PinnedModule, hosts: ReleaseHosts, platform: Platform): Tool {
  const tag = module.version("go.etcd.io/etcd/server/v3");
  const folder = `etcd-${tag}-${platform.os}-${platform.arch}`;
  const release: Release = {
    kind: "archive",
    url: `${hosts.etcd}/${tag}/${folder}.tar.gz`,
    checksumUrl: `${hosts.etcd}/${tag}/SHA256SUMS`,
    member: `${folder}/etcd`,
  };
  return {
    name: "etcd",
    version: tag.slice(1),
    range: { min: [3, 5, 0], below: [3, 7, 0] },
    versionArguments: ["--version"],
    module,
    goPackage: "go.etcd.io/etcd/server/v3",
    builtAs: "server",
    // The same flags as the Kubernetes binaries, because one `go build` makes all four.
    ldflags: kubernetesLdflags(module.version("k8s.io/kubernetes")),
    ...(platform.os === "linux" ? { release } : {}),
    buildSeconds: 15,
  };
}

/** kwok publishes binaries without a checksum file, so it is always built: its go.sum is the check. */
function kwokTool(module: PinnedModule): Tool {
  const tag = module.version("sigs.k8s.io/kwok");
  return {
    name: "kwok",
    version: tag.slice(1),
    range: { min: versionOf(tag), below: [1, 0, 0] },
    versionArguments: ["--version"],
    module,
    goPackage: "sigs.k8s.io/kwok/cmd/kwok",
    builtAs: "kwok",
    ldflags: "-s -w",
    buildSeconds: 120,
  };
}

/** oauth2-proxy of one module folder. Always built: its go.sum is the check. */
export function describeOauth2Proxy(folder: string): Tool {
  const module = readPinnedModule(folder);
  const goPackage = "github.com/oauth2-proxy/oauth2-proxy/v7";
  const tag = module.version(goPackage);
  return {
    name: "oauth2-proxy",
    version: tag.slice(1),
    range: { min: versionOf(tag), below: [8, 0, 0] },
    versionArguments: ["--version"],
    module,
    goPackage,
    // A main package in a module's root is named after the module without its major version.
    builtAs: "oauth2-proxy",
    ldflags: `-s -w -X ${goPackage}/pkg/version.VERSION=${tag}`,
    buildSeconds: 50,
  };
}

/** actionlint of the module folder. Always built: its go.sum is the check. */
export function describeActionlint(folder: string): Tool {
  const module = readPinnedModule(folder);
  const tag = module.version("github.com/rhysd/actionlint");
  return {
    name: "actionlint",
    version: tag.slice(1),
    range: { min: versionOf(tag), below: [2, 0, 0] },
    versionArguments: ["-version"],
    module,
    goPackage: "github.com/rhysd/actionlint/cmd/actionlint",
    builtAs: "actionlint",
    ldflags: `-s -w -X github.com/rhysd/actionlint.version=${tag.slice(1)}`,
    buildSeconds: 20,
  };
}

function kubernetesLdflags(tag: string): string {
  const [major, minor] = versionOf(tag);
  const prefix = "k8s.io/component-base/version";
  return `-s -w -X ${prefix}.gitVersion=${tag} -X ${prefix}.gitMajor=${major} -X ${prefix}.gitMinor=${minor}`;
}

function versionOf(tag: string): Version {
  const version = parseVersion(tag);
  if (!version)
    throw new ToolchainError(
      `"${tag}" in a go.mod of toolchain/ is not a version: restore the file from the repository.`,
    );
  return version;
}
