import type { ToolContract } from "../tool-contract.ts";
import { checks } from "./checks/index.ts";
import { checkLockOut } from "./checks/lock-out.ts";
import { type Finding, type Problem, problemOf } from "./problem.ts";
import { repaired } from "./repair.ts";
import { completed, type Settings, settingsSchema } from "./schema.ts";
import { secretFindings } from "./secret-findings.ts";
import { structuralFindings } from "./structure.ts";

/** Parsed settings, or everything that is wrong with them. */
export type ParseResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What is not looked at. */
export interface ParseOptions {
  /** Takes settings that lock somebody out, for commands that show why. Default: false. */
  readonly lockOuts?: boolean;
}

/**
 * Parses raw settings (see `settingsFromConfig`). All problems come at once, in the order of the file: pasted secrets,
 * keys and values that the schema does not take, and rules that span several keys. Lock-outs are looked for once nothing else is
 * wrong: with a mended value in place of a wrong one, nobody can tell whom the policies shut out.
 */
export function parseSettings(
  raw: unknown,
  contracts: readonly ToolContract[],
  { lockOuts = false }: ParseOptions = {},
): ParseResult {
  const schema = settingsSchema(contracts);
  const parsed = schema.safeParse(raw);
  const literals = secretFindings(raw);
  const structural = parsed.success ? [] : structuralFindings(schema, raw, parsed.error.issues);
  const certain = [
    ...literals,
    ...structural.filter((finding) => !literals.some(({ path }) => within(finding.path, path))),
  ];

  const draft = parsed.success ? parsed.data : repaired(schema, raw);
  const settings = draft === undefined ? undefined : completed(draft, contracts);
  const sound = (...path: PropertyKey[]) => !certain.some((finding) => within(path, finding.path));
  const spanning = settings === undefined ? [] : checks.flatMap((check) => check({ settings, contracts, sound }));
  const findings = [
    ...certain,
    ...spanning.filter(({ path }) => !certain.some((finding) => within(path, finding.path))),
  ];

  if (findings.length === 0 && parsed.success && settings !== undefined) {
    if (!lockOuts) findings.push(...checkLockOut({ settings, contracts, sound }));
    if (findings.length === 0) return { ok: true, settings };
  }
  return { ok: false, problems: inFileOrder(raw, findings).map(problemOf) };
}

/** Whether a path is another one or lies below it. */
function within(path: readonly PropertyKey[], other: readonly PropertyKey[]): boolean {
  return other.every((key, index) => String(key) === String(path[index]));
}

/** Sorted by the top-level keys of the file; what is missing there comes last. */
function inFileOrder(raw: unknown, findings: readonly Finding[]): Finding[] {
  const keys = typeof raw === "object" && raw !== null ? Object.keys(raw) : [];
  const place = ({ path }: Finding) => {
    const index = keys.indexOf(String(path[0]));
    return index < 0 ? keys.length : index;
  };
  return findings.toSorted((a, b) => place(a) - place(b));
}
