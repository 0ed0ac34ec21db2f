import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureOauth2ProxyVersion, oauth2ProxyVersions } from "./oauth2-proxy.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "entrada-proxy-"));
  mkdirSync(join(root, "path"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Nothing is on PATH but an oauth2-proxy of that version, and no network is asked. */
function onPath(version: string) {
  const file = join(root, "path", "oauth2-proxy");
  writeFileSync(file, `#!/bin/sh\necho 'oauth2-proxy v${version} (built with go1.26.8)'\n`);
  chmodSync(file, 0o755);
  return { env: { PATH: join(root, "path"), ENTRADA_CACHE: join(root, "cache") } };
}

describe("a version of oauth2-proxy", () => {
  it("is one of those that are pinned, newest first", async () => {
    expect(oauth2ProxyVersions()).toEqual(["7.15.3", "7.15.2"]);
    await expect(ensureOauth2ProxyVersion("7.14.0", onPath("7.14.0"))).rejects.toThrow(
      "oauth2-proxy 7.14.0 is not pinned; there is 7.15.3, 7.15.2",
    );
  });

  it("is taken from PATH when it is that version, and not when it is newer", async () => {
    expect(await ensureOauth2ProxyVersion("7.15.2", onPath("7.15.2"))).toBe(join(root, "path", "oauth2-proxy"));
    await expect(ensureOauth2ProxyVersion("7.15.2", onPath("7.15.3"))).rejects.toThrow(/Go is not installed/);
  });
});
