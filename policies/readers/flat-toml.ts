import { parseJson } from "./json.ts";

/** Settings of a flat file, and the lines that could not be read. */
export interface FlatToml {
  readonly settings: ReadonlyMap<string, unknown>;
  /** Numbers of lines, from 1. */
  readonly unread: readonly number[];
}

/**
 * Reads the part of TOML that oauth2-proxy's files need and that is JSON too: `key = value` on one line, with texts in double
 * quotes, numbers, true, false and lists of these. Whatever else stands there is reported, not guessed.
 */
export function readFlatToml(text: string): FlatToml {
  const settings = new Map<string, unknown>();
  const unread: number[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const plain = line.trim();
    if (plain === "" || plain.startsWith("#")) continue;
    const [, key = "", written = ""] = /^([A-Za-z0-9_-]+)\s*=\s*(.+)$/.exec(plain) ?? [];
    const value = parseJson(written);
    if (key === "" || value === undefined || value === null || settings.has(key)) unread.push(index + 1);
    else settings.set(key, value);
  }
  return { settings, unread };
}
