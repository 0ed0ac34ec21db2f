import { contracts } from "../../components/tools/registry.ts";
import { accessMatrix } from "../../model/index.ts";
import { renderAccess } from "../access-table.ts";
import { json, line } from "../output.ts";
import { loadSettings, stackFile } from "../project.ts";
import type { ReportFiles } from "./access-report.ts";

/** Prints the access matrix of a stack file, or writes the report for an access review. Nothing needs to run for it. */
export async function access({ stack, json: asJson, ...files }: { stack: string; json?: boolean } & ReportFiles) {
  const file = stackFile(stack);
  const settings = loadSettings(file);
  if (files.html !== undefined || files.csv !== undefined) {
    // The policy pack's rules come with it, which nobody has to wait for otherwise.
    (await import("./access-report.ts")).writeReport(settings, file, files);
    return;
  }
  const matrix = accessMatrix(settings, contracts);
  if (asJson) json(matrix);
  else line(renderAccess(matrix));
}
