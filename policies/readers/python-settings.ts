/**
 * The plain assignments of a Python settings file: `NAME = expression` at the start of a line, the last one counting, comments
 * taken off. The expression stays text. Enough for files that are settings, as Flask's are; it is no parser of Python.
 */
export function readPythonSettings(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, name, expression] = /^([A-Z][A-Z0-9_]*)\s*(?::[^=]+)?=(?!=)\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && expression !== undefined) settings.set(name, withoutComment(expression).trim());
  }
  return settings;
}

/** Cuts a comment off, but not a `#` inside quotes. */
function withoutComment(expression: string): string {
  const [kept = ""] = /^(?:[^#"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*/.exec(expression) ?? [];
  return kept;
}

/** Whether an expression is a text that stands in the file itself. */
export function isLiteralText(expression: string): boolean {
  return /^[rbuf]{0,2}["']/i.test(expression);
}
