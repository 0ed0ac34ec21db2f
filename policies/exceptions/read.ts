import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { clock } from "../core/clock.ts";
import type { RuleName } from "./exception.ts";
import { type ParsedExceptions, parseExceptions } from "./parse.ts";

/** Name of the file, beside PulumiPolicy.yaml. */
export const EXCEPTIONS_FILE = "exceptions.yaml";

/**
 * Reads an exceptions file. A file that is not there holds none; one that is no YAML is a problem like others, so that the
 * pack still starts and says so.
 */
export function readExceptions(file: string, rules: readonly RuleName[]): ParsedExceptions {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return parseExceptions({}, rules, clock.now());
    throw error;
  }
  try {
    return parseExceptions(parse(text), rules, clock.now());
  } catch (error) {
    const [reason = ""] = String(error instanceof Error ? error.message : error).split("\n");
    return { production: [], exceptions: [], problems: [`the file is no YAML (${reason}). Fix: correct that line.`] };
  }
}
