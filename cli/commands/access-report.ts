import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { contracts } from "../../components/tools/registry.ts";
import { accessMatrix, accessReport, type Settings } from "../../model/index.ts";
import { line, Refusal, WrongUse } from "../output.ts";
import { projectRoot } from "../project.ts";
import { accessCsv } from "../report/csv.ts";
import { reportPage } from "../report/page.ts";
import { provenanceOf } from "../report/provenance.ts";
import { exceptionsOf, ruleStandings } from "../report/rules.ts";
import { stackNamesAmong } from "../stack-files.ts";

/** Where the report goes. */
export interface ReportFiles {
  /** The page. A table of the same name stands beside it. */
  readonly html?: string;
  /** The table, where it is to stand elsewhere, or alone. */
  readonly csv?: string;
}

/**
 * Writes the access review report.
 * @param file the stack file that the settings are from
 * @param now the moment for which dates are reckoned
 * @throws WrongUse where both files would be one
 */
export function writeReport(settings: Settings, file: string, files: ReportFiles, now = new Date()): void {
  const { html, csv = html === undefined ? undefined : besides(html) } = files;
  if (html !== undefined && csv !== undefined && resolve(html) === resolve(csv))
    throw new WrongUse(["--html and --csv name the same file. Give the page a name that ends in .html."], "access");
  const report = accessReport(settings, contracts, now);
  if (html !== undefined) {
    const rules = ruleStandings(settings, exceptionsOf(stackNamesAmong([file])[0] ?? file));
    write(html, reportPage({ report, provenance: provenanceOf(file, projectRoot), rules }));
  }
  if (csv !== undefined) write(csv, accessCsv(accessMatrix(settings, contracts), report));
}

/** @example besides("out/review.html") is "out/review.csv" */
function besides(html: string): string {
  return `${html.replace(/\.html?$/i, "")}.csv`;
}

/** Nobody ever reads half a report: the file is there as a whole or as it was. People's names are for its owner alone at first. */
function write(path: string, text: string): void {
  const unfinished = `${path}.part`;
  try {
    mkdirSync(dirname(resolve(path)), { recursive: true });
    writeFileSync(unfinished, text, { mode: 0o600 });
    renameSync(unfinished, path);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new Refusal(`${path} cannot be written (${code || message}). Name a file in a folder that you may write to.`);
  }
  line(`Wrote ${path}`);
}
