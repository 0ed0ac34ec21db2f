import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { policyDocs } from "./docs.ts";
import { rules } from "./rules.ts";

it("docs/policies.md is what the rules say (node --import tsx policies/write-docs.ts)", async () => {
  const page = await readFile(new URL("../docs/policies.md", import.meta.url), "utf8");
  expect(page).toBe(policyDocs(rules));
});

it("says what differs between environments", () => {
  const page = policyDocs(rules);
  expect(page).toContain("| every rule that is not critical | mandatory | advisory | mandatory | mandatory |");
  expect(page).toContain("| [image-pinned](#image-pinned) `requireDigest` | false | false | false | true |");
  expect(page).not.toContain("`allowKeys` | true |");
});

it("has a section for every rule, with its settings and requirements", () => {
  const page = policyDocs(rules);
  for (const { text, defaults } of rules) {
    const section = page.split(`## ${text.name}\n`)[1]?.split("\n## ")[0] ?? "";
    expect(section).toContain(text.why);
    for (const setting of Object.keys(defaults)) expect(section).toContain(`\`${setting}\``);
    for (const { id } of text.mappings ?? []) expect(section).toContain(id);
  }
});
