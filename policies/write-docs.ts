import { writeFile } from "node:fs/promises";
import { coveragePage } from "./coverage/page.ts";
import { policyDocs } from "./docs.ts";
import { rules } from "./rules.ts";

await writeFile(new URL("../docs/policies.md", import.meta.url), policyDocs(rules));
await writeFile(new URL("../docs/policy-coverage.md", import.meta.url), coveragePage(rules));
