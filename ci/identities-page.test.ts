import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { WORKFLOW_IDENTITIES } from "../model/workflow-identities/index.ts";
import { identitiesPage } from "./identities-page.ts";

it("docs/ci-identities.md is what the list says (node --import tsx ci/write-identities-page.ts)", async () => {
  const page = await readFile(new URL("../docs/ci-identities.md", import.meta.url), "utf8");
  expect(page).toBe(identitiesPage());
});

it("tells every right with its reason", () => {
  const page = identitiesPage();
  for (const { graph, azure } of WORKFLOW_IDENTITIES) {
    for (const { name, why } of [...graph, ...azure])
      expect(page).toMatch(new RegExp(`^\\| .?${name}.* \\| ${escaped(why)} \\|$`, "m"));
  }
});

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
