import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { contentsInUse, folderContents } from "./contents.ts";
import { blobWorld } from "./testing.ts";

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "entrada-blobs-"));
  folder = join(root, "blobs");
});
afterEach(() => rmSync(root, { recursive: true }));

it("keeps one private file for each blob, and none of what was overwritten or deleted", async () => {
  const world = await blobWorld(folderContents(folder, []));
  await world.put("state", "1");
  await world.put("state", "2");
  await world.put("other", "3");
  await world.ask("DELETE", "/pulumi/other");
  const [name = "", ...more] = readdirSync(folder);
  expect(more).toEqual([]);
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  expect(contentsInUse(world.context.store.data)).toEqual([name]);
  expect((await world.ask("GET", "/pulumi/state")).text).toBe("2");
});

it("clears away at its start what no blob has", () => {
  const first = folderContents(folder, []);
  const [kept, lost] = [first.add(Buffer.from("kept")), first.add(Buffer.from("lost"))];
  const second = folderContents(folder, [kept]);
  expect(second.read(kept).toString()).toBe("kept");
  expect(() => second.read(lost)).toThrow("ENOENT");
});
