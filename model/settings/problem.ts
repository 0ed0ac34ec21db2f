import { looksSecret } from "./secret-looking.ts";

/** One thing that is wrong with the settings. */
export interface Problem {
  /** Where, as in `teams.analysts.owners[0]`. */
  readonly path: string;
  /** What stands there. Never the value of anything that looks like a secret. */
  readonly found: string;
  readonly allowed: string;
  /** What to do, as a sentence. */
  readonly fix: string;
}

/** A problem whose path is still a list of keys, outermost first. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  readonly found: string;
  readonly allowed: string;
  readonly fix: string;
}

/** The problem that a finding describes. */
export function problemOf(finding: Finding): Problem {
  return { ...finding, path: pathText(finding.path) };
}

/** Writes a path the way a person reads it; keys with dots and the like stand in brackets and quotes. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else if (looksSecret(String(key))) text += "[hidden]";
    else if (/^[\w-]+$/.test(String(key))) text += text === "" ? String(key) : `.${String(key)}`;
    else text += `[${JSON.stringify(key)}]`;
  }
  return text === "" ? "(the settings)" : text;
}

/** A value for a problem's `found`: short, and without anything that looks like a secret. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? typeof value;
  if (containsSecret(value)) return "a value that looks like a secret (not shown)";
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function containsSecret(value: unknown): boolean {
  if (typeof value === "string") return looksSecret(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, item]) => looksSecret(key) || namesSecret(key) || containsSecret(item));
}

/** Whether a key's name says that its value is secret. */
export function namesSecret(key: string): boolean {
  return /passw(or)?d|secret(?!s$)|token|api[_-]?key|private[_-]?key|connection[_-]?string/i.test(key);
}

/** The problems as text for a terminal: how many, then each one's path, what was found, what is allowed and the fix. */
export function formatProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const blocks = problems.map(
    ({ path, found, allowed, fix }) => `  ${path}\n    found:   ${found}\n    allowed: ${allowed}\n    fix:     ${fix}`,
  );
  return [`${count} in the settings; nothing was changed.`, ...blocks].join("\n\n");
}
