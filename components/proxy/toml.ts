/** What a setting of oauth2-proxy may be. */
export type TomlValue = string | number | boolean | readonly string[];

/** A group of settings under a line that says what they are for. */
export interface TomlGroup {
  readonly comment: string;
  readonly settings: Readonly<Record<string, TomlValue>>;
}

/** Settings as TOML, in their order. A JSON string is a TOML basic string too. */
export function toml(groups: readonly TomlGroup[]): string {
  const texts = groups.map(({ comment, settings }) => {
    const lines = Object.entries(settings).map(([key, value]) => `${key} = ${written(value)}`);
    return [`# ${comment}`, ...lines, ""].join("\n");
  });
  return texts.join("\n");
}

function written(value: TomlValue): string {
  return Array.isArray(value) ? `[${value.map((item) => JSON.stringify(item)).join(", ")}]` : JSON.stringify(value);
}
