import { existsSync, lstatSync, mkdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "../images.ts";

/** A folder or file of this machine at a place in the container. */
export interface Mount {
  readonly from: string;
  readonly to: string;
  readonly readOnly: boolean;
}

export interface FileSystemOptions {
  readonly program: Program;
  /** Files of the pod's own /etc, made by `writeEtc`. */
  readonly etc: string;
  readonly mounts: readonly Mount[];
  /** Whether nothing but the mounts may be written. */
  readonly readOnlyRoot: boolean;
}

/** Where programs look for certificates; the kubelet's variables name the same file. */
export const CA_FILE = "/etc/ssl/certs/ca-certificates.crt";

/** Top folders that hold this machine's own programs and libraries: what an image's base would hold. */
const BASE = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"];
/** Of this machine's /etc: what the dynamic loader and links below /usr need. Nothing in it is private. */
const BASE_ETC = ["/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime"];

/**
 * Bubblewrap's arguments for the container's file system: this machine's programs, the image's folders at their own places,
 * and the pod's volumes at theirs. Nothing else of this machine is seen.
 */
export function fileSystem({ program, etc, mounts, readOnlyRoot }: FileSystemOptions): string[] {
  const readable = (from: string, to = from) => ["--ro-bind", from, to];
  const base = BASE.filter((path) => existsSync(path)).flatMap((path) =>
    lstatSync(path).isSymbolicLink() ? ["--symlink", readlinkSync(path), path] : readable(path),
  );
  return [
    ...base,
    ...["--proc", "/proc", "--dev", "/dev", "--dir", "/tmp", "--dir", "/etc"],
    ...BASE_ETC.filter((path) => existsSync(path)).flatMap((path) => readable(path)),
    ...ETC_FILES.flatMap((name) => readable(join(etc, name), `/etc/${name}`)),
    ...readable(join(etc, "ca.crt"), CA_FILE),
    ...program.binds.flatMap(({ from, to }) => readable(from, to)),
    ...mounts.flatMap(({ from, to, readOnly }) => [readOnly ? "--ro-bind" : "--bind", from, to]),
    ...(readOnlyRoot ? ["--remount-ro", "/"] : []),
    ...["--chdir", program.workingDirectory],
  ];
}

const ETC_FILES = ["passwd", "group", "hosts", "hostname", "nsswitch.conf", "resolv.conf"] as const;

/** Writes the pod's own /etc: who it runs as, what its hosts are called, and whom it trusts. */
export function writeEtc(
  folder: string,
  {
    user,
    group,
    hosts,
    hostname,
    caPem,
  }: { user: number; group: number; hosts: readonly string[]; hostname: string; caPem: string },
): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const files: Record<(typeof ETC_FILES)[number] | "ca.crt", string> = {
    passwd: `root:x:0:0:root:/root:/usr/sbin/nologin\napp:x:${user}:${group}:app:/tmp:/bin/sh\n`,
    group: `root:x:0:\napp:x:${group}:\n`,
    hosts: `${hosts.join("\n")}\n127.0.0.1 ${hostname}\n`,
    hostname: `${hostname}\n`,
    // Names are in the hosts file; there is no name server here.
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "resolv.conf": "",
    "ca.crt": caPem,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o644 });
}
