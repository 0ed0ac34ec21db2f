import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PageContent, reportPage } from "../../cli/report/page.ts";
import { ruleStandings } from "../../cli/report/rules.ts";
import { contracts } from "../../components/tools/registry.ts";
import { accessReport, type Settings } from "../../model/index.ts";

/** The moment of every report of these tests. */
const NOW = new Date("2026-11-28T06:00:00Z");

const PROVENANCE: PageContent["provenance"] = {
  file: "stacks/Pulumi.sandbox.yaml",
  digest: "7b0c1f5ee4a9".padEnd(64, "3d"),
  commit: { hash: "c0ffee12a4b6".padEnd(40, "5e"), date: "2026-11-27T15:30:00Z", changed: false },
};

/** A folder for pages, which ends with the tests. */
export function pagesFolder() {
  const folder = mkdtempSync(join(tmpdir(), "entrada-pages-"));
  return {
    folder,
    /** Writes the report of these settings; gives its path. */
    report(name: string, settings: Settings): string {
      const file = join(folder, `${name}.html`);
      const report = accessReport(settings, contracts, NOW);
      writeFileSync(file, reportPage({ report, provenance: PROVENANCE, rules: ruleStandings(settings) }));
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
