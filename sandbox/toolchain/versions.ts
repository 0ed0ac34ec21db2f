import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ToolchainError } from "./errors.ts";

/** major, minor, patch */
export type Version = readonly [number, number, number];

/** The first version number in what a program prints about itself; undefined when there is none. */
export function parseVersion(text: string): Version | undefined {
  const match = /(\d+)\.(\d+)\.(\d+)/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

/** Negative, zero or positive, as `Array.sort` wants it. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Which versions on PATH will do: from `min` (included) up to `below` (not included). */
export interface VersionRange {
  readonly min: Version;
  readonly below: Version;
}

export function inRange(version: Version, range: VersionRange): boolean {
  return compareVersions(version, range.min) >= 0 && compareVersions(version, range.below) < 0;
}

export function describeRange({ min, below }: VersionRange): string {
  return `at least ${min.join(".")} and below ${below.join(".")}`;
}

/** What a module folder of `toolchain/` pins. The go.mod is the one place where versions stand. */
export interface PinnedModule {
  readonly folder: string;
  /** Changes whenever anything in the module's dependency tree does. */
  readonly fingerprint: string;
  /** The Go release that go.mod asks for. */
  readonly goVersion: Version;
  /** Version of a required module, `v` included. */
  version(module: string): string;
}

/** Reads a module folder. @throws ToolchainError when go.mod or go.sum is missing or names no Go release. */
export function readPinnedModule(folder: string): PinnedModule {
  const goMod = readPinFile(folder, "go.mod");
  const goSum = readPinFile(folder, "go.sum");
  const goLine = /^go (\d+\.\d+(?:\.\d+)?)$/m.exec(goMod)?.[1];
  const goVersion =
    goLine === undefined ? undefined : parseVersion(goLine.split(".").length === 2 ? `${goLine}.0` : goLine);
  if (!goVersion)
    throw new ToolchainError(`${join(folder, "go.mod")} names no Go release: restore it from the repository.`);
  return {
    folder,
    goVersion,
    fingerprint: createHash("sha256").update(goMod).update("\0").update(goSum).digest("hex").slice(0, 12),
    version(module) {
      const line = goMod.split("\n").find((text) =>
        text
          .replace(/^require\s+/, "")
          .trim()
          .startsWith(`${module} v`),
      );
      const version = line && /\s(v\S+)/.exec(line)?.[1];
      if (!version)
        throw new ToolchainError(
          `${join(folder, "go.mod")} does not require ${module}: restore it from the repository.`,
        );
      return version;
    },
  };
}

function readPinFile(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), "utf8");
  } catch {
    throw new ToolchainError(
      `${join(folder, name)} is missing: restore it from the repository, it pins what the toolchain is built from.`,
    );
  }
}
