import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureActionlint } from "./actionlint.ts";
import { ensureOauth2Proxy } from "./oauth2-proxy.ts";
import { ensureRedis } from "./redis.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "entrada-extra-"));
  mkdirSync(join(root, "path"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A program on PATH that says a version. */
function program(name: string, says: string): string {
  const file = join(root, "path", name);
  writeFileSync(file, `#!/bin/sh\necho '${says}'\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Nothing is on PATH but what a test put there, and no network is asked. */
const options = () => ({ env: { PATH: join(root, "path"), ENTRADA_CACHE: join(root, "cache") } });

describe("programs that tests fetch when they need them", () => {
  it("are taken from PATH when they are new enough", async () => {
    const proxy = program("oauth2-proxy", "oauth2-proxy v7.16.0 (built with go1.26.8)");
    const redis = program("redis-server", "Redis server v=7.0.15 sha=00000000:0");
    expect(await ensureOauth2Proxy(options())).toBe(proxy);
    expect(await ensureRedis(options())).toBe(redis);
    const actionlint = program("actionlint", "1.8.0");
    expect(await ensureActionlint(options())).toBe(actionlint);
  });

  it("are not taken from PATH when they are too old, and the message says what to install", async () => {
    program("oauth2-proxy", "oauth2-proxy v7.8.1 (built with go1.24.0)");
    program("redis-server", "Redis server v=5.0.7");
    await expect(ensureOauth2Proxy(options())).rejects.toThrow(/Go is not installed/);
    program("actionlint", "1.6.26");
    await expect(ensureActionlint(options())).rejects.toThrow(/Go is not installed/);
    await expect(ensureRedis(options())).rejects.toThrow(/Install Redis 6\.2\.0 or newer/);
  });
});
