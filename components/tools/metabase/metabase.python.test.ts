import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unittest } from "../../testing/unittest.ts";
import { jobSettings } from "./settings-files.ts";
import { ossSettings, proSettings } from "./tests/fixtures.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

describe("bootstrap.py and reconcile.py", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "entrada-metabase-"));
    for (const settings of [proSettings(), ossSettings()]) {
      const files = jobSettings("metabase", settings, { userDomain: "contoso.com" });
      await writeFile(join(folder, `${settings.edition}.json`), files["settings.json"] ?? "");
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("keep Metabase as Entra and the settings say, and refuse what they do not understand", async () => {
    const imports = ["./config", "../../reconciler/python", "../../reconciler/tests"].map(here);
    const { passed, tests, report } = await unittest(here("./tests"), imports, { METABASE_TEST_SETTINGS: folder });
    expect(passed, report).toBe(true);
    expect(tests).toBe(37);
  });
});
