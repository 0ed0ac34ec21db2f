const PREFIX = "entrada:";

/**
 * Raw settings from a stack's configuration, where every value is text and objects are JSON. Keys of other namespaces
 * are left out; unknown keys of ours stay in, so that `parseSettings` can name them.
 *
 * @param config full keys, as `pulumi.runtime.allConfig()` gives them: `entrada:teams` → `{"analysts":…}`
 */
export function settingsFromConfig(config: Readonly<Record<string, string>>): Record<string, unknown> {
  const raw: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(config)) {
    if (key.startsWith(PREFIX)) raw[key.slice(PREFIX.length)] = parsedValue(text);
  }
  return raw;
}

/** Values of a stack file as the engine hands them to a program: text as it is, everything else as JSON text. */
export function configText(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** Objects and lists are JSON; all other text is a value of its own. */
function parsedValue(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Text that only begins like JSON stays text: the schema then says what belongs there.
    return text;
  }
}
