import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { explainGo, findGo } from "./go.ts";

describe("finding Go", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "entrada-go-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function fakeGo(version: string, toolchain: string) {
    writeFileSync(join(folder, "go"), `#!/bin/sh\nprintf '%s\\n' '${version}' '${toolchain}'\n`);
    chmodSync(join(folder, "go"), 0o755);
  }
  const find = () => findGo([1, 26, 0], { PATH: `${folder}:/bin` });

  test("none: how to get it", async () => {
    await expect(find()).rejects.toThrow(/Go is not installed.*Install Go 1\.26\.0 or newer/);
  });

  test("new enough", async () => {
    fakeGo("go1.26.8", "local");
    expect((await find()).file).toBe(join(folder, "go"));
  });

  test("a release without a patch number", async () => {
    fakeGo("go1.27", "local");
    expect((await find()).file).toBe(join(folder, "go"));
  });

  test("too old, and not allowed to fetch a newer one", async () => {
    fakeGo("go1.24.1", "local");
    await expect(find()).rejects.toThrow(/is Go 1\.24\.1, but 1\.26\.0 is needed and GOTOOLCHAIN=local forbids/);
  });

  test("too old, but it fetches the right one itself", async () => {
    fakeGo("go1.24.1", "auto");
    expect((await find()).file).toBe(join(folder, "go"));
  });

  test("so old that it cannot fetch another one", async () => {
    fakeGo("go1.20.3", "auto");
    await expect(find()).rejects.toThrow(/is Go 1\.20\.3, but 1\.26\.0 is needed/);
  });
});

describe("what Go complains about", () => {
  test.each([
    [
      "go: go.mod requires go >= 1.26.0 (running go 1.25.3; GOTOOLCHAIN=local)",
      /Go 1\.25\.3 is too old, 1\.26\.0 is needed/,
    ],
    ["go: download go1.26.0 for linux/amd64: toolchain not available", /cannot fetch the newer Go release/],
    ["verifying example.com/a@v1.0.0: checksum mismatch", /not the one that toolchain\/ pins/],
    [
      'go: example.com/a@v1.0.0: Get "https://x": dial tcp: lookup x: no such host',
      /cannot fetch its modules: connect to a network/,
    ],
    ["main.go:3:1: syntax error", /"go build" failed: main\.go:3:1: syntax error/],
    ["link: write: no space left on device", /no space left on device/],
  ])("%s", (output, expected) => {
    expect(explainGo("build", `go: downloading example.com/b v1.0.0\n${output}`).message).toMatch(expected);
  });
});
