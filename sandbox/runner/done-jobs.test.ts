import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DoneJobs } from "./done-jobs.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "entrada-done-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a Job that ran is known to the next runner too, and to nobody else on the machine", () => {
  const done = new DoneJobs(folder);
  expect(done.has("a")).toBe(false);
  done.add("a");
  done.add("b");
  done.add("a");
  const next = new DoneJobs(folder);
  expect(["a", "b", "c"].map((uid) => next.has(uid))).toEqual([true, true, false]);
  expect(readdirSync(folder)).toEqual(["jobs-done.json"]);
  expect(statSync(join(folder, "jobs-done.json")).mode & 0o777).toBe(0o600);
});

test("it goes with the databases that the Jobs worked on", () => {
  new DoneJobs(folder).add("a");
  rmSync(join(folder, "jobs-done.json"));
  expect(new DoneJobs(folder).has("a")).toBe(false);
});
