import { contracts } from "../../components/tools/registry.ts";
import { accessMatrix } from "../../model/index.ts";
import { renderAccess } from "../access-table.ts";
import { json, line } from "../output.ts";
import { loadSettings, stackFile } from "../project.ts";

/** Prints the access matrix of a stack file. Nothing needs to run for it. */
export function access({ stack, json: asJson }: { stack: string; json?: boolean }): void {
  const matrix = accessMatrix(loadSettings(stackFile(stack)), contracts);
  if (asJson) json(matrix);
  else line(renderAccess(matrix));
}
