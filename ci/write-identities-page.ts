import { writeFile } from "node:fs/promises";
import { identitiesPage } from "./identities-page.ts";

await writeFile(new URL("../docs/ci-identities.md", import.meta.url), identitiesPage());
