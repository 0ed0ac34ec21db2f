import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { describeTools, RELEASE_HOSTS } from "./tools.ts";
import { compareVersions, inRange, parseVersion, readPinnedModule } from "./versions.ts";

const modules = fileURLToPath(new URL("../../toolchain", import.meta.url));

test("the first version number counts", () => {
  expect(parseVersion("kwok version v0.8.0 go1.26.8 (linux/amd64)")).toEqual([0, 8, 0]);
  expect(parseVersion("etcd Version: 3.6.8\nGo Version: go1.26.8")).toEqual([3, 6, 8]);
  expect(parseVersion("no number here")).toBeUndefined();
});

test("versions are compared by number, not by text", () => {
  expect(compareVersions([1, 10, 0], [1, 9, 9])).toBeGreaterThan(0);
  const range = { min: [1, 36, 0], below: [1, 37, 0] } as const;
  expect(inRange([1, 36, 99], range)).toBe(true);
  expect(inRange([1, 37, 0], range)).toBe(false);
  expect(inRange([1, 35, 9], range)).toBe(false);
});

describe("pinned modules", () => {
  test("the fingerprint follows go.mod and go.sum", () => {
    const folder = mkdtempSync(join(tmpdir(), "entrada-pins-"));
    try {
      writeFileSync(join(folder, "go.mod"), "module x\n\ngo 1.25\n\nrequire example.com/a v1.2.3\n");
      writeFileSync(join(folder, "go.sum"), "one\n");
      const first = readPinnedModule(folder);
      expect(first.goVersion).toEqual([1, 25, 0]);
      expect(first.version("example.com/a")).toBe("v1.2.3");
      expect(() => first.version("example.com/b")).toThrow(/does not require example.com\/b/);
      writeFileSync(join(folder, "go.sum"), "two\n");
      expect(readPinnedModule(folder).fingerprint).not.toBe(first.fingerprint);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("a missing go.sum is named", () => {
    expect(() => readPinnedModule(join(modules, "not-there"))).toThrow(/go\.mod is missing: restore it/);
  });
});

describe("the repository's own pins", () => {
  const tools = describeTools(modules, RELEASE_HOSTS, { os: "linux", arch: "amd64" });

  test("the CLI is the SDK's version, which is what Pulumi's installer fetches", () => {
    const sdk = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { version: string };
    expect(tools.find(({ name }) => name === "pulumi")?.version).toBe(sdk.version);
  });

  test("every go.sum is there and every build package belongs to a required module", () => {
    for (const tool of tools) {
      const goMod = readFileSync(join(tool.module.folder, "go.mod"), "utf8");
      const required = [...goMod.matchAll(/^(?:require |\t)(\S+) v/gm)].map((match) => match[1] ?? "");
      expect(required.some((module) => tool.goPackage === module || tool.goPackage.startsWith(`${module}/`))).toBe(
        true,
      );
    }
  });

  test("server binaries are downloaded on Linux only", () => {
    const mac = describeTools(modules, RELEASE_HOSTS, { os: "darwin", arch: "arm64" });
    expect(mac.filter(({ release }) => release).map(({ name }) => name)).toEqual(["pulumi"]);
    expect(tools.filter(({ release }) => !release).map(({ name }) => name)).toEqual(["kwok"]);
  });
});
