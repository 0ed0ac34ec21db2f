/** The names in one of Graph's flags. @example flags("minor,moderate") holds "minor" and "moderate" */
export function flags(text: string): ReadonlySet<string> {
  return new Set(
    text
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
  );
}
