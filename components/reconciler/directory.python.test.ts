import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { unittest } from "../testing/unittest.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

describe("entrada_directory.py and entrada_guard.py", () => {
  it("read a directory, and refuse what they do not understand", async () => {
    const { passed, tests, report } = await unittest(here("./tests"), [here("./python")]);
    expect(passed, report).toBe(true);
    expect(tests).toBe(13);
  });
});
