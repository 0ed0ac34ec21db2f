import { writeFile } from "node:fs/promises";
import { policyDocs } from "./docs.ts";
import { rules } from "./rules.ts";

await writeFile(new URL("../docs/policies.md", import.meta.url), policyDocs(rules));
