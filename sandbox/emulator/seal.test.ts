import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSeal } from "./seal.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrada-seal-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the seal", () => {
  it("hides a value, opens it after a restart, and never gives the same text twice", async () => {
    const file = join(folder, "emulator", "seal.key");
    const { seal } = await openSeal(file);
    const sealed = seal("pässword-1");
    expect(sealed).not.toContain("pässword-1");
    expect(seal("pässword-1")).not.toBe(sealed);
    expect((await openSeal(file)).open(sealed)).toBe("pässword-1");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("refuses what was changed or sealed elsewhere, without showing it", async () => {
    const here = await openSeal(join(folder, "a.key"));
    const elsewhere = await openSeal(join(folder, "b.key"));
    const sealed = here.seal("value");
    const changed = `${sealed.slice(0, -2)}${sealed.endsWith("AA") ? "BB" : "AA"}`;
    for (const text of [changed, elsewhere.seal("value"), "v2.abc", "plain", ""])
      expect(() => here.open(text)).toThrow(/^A sealed value cannot be opened/);
  });

  it("refuses a damaged key", async () => {
    const file = join(folder, "damaged.key");
    await writeFile(file, "short");
    await expect(openSeal(file)).rejects.toThrow(/is damaged/);
  });
});
