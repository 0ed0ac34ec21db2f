import type { ToolContract } from "../../tool-contract.ts";
import type { Finding } from "../problem.ts";
import type { Settings } from "../schema.ts";

/** What a check looks at. */
export interface CheckContext {
  /** The settings; where some keys are wrong, with those mended (see `repaired`). */
  readonly settings: Settings;
  readonly contracts: readonly ToolContract[];
  /** Whether the schema took this key and those above it. A check that compares another key with it asks first. */
  sound(...path: PropertyKey[]): boolean;
}

/** A rule that spans several keys. It reports everything it finds. */
export type Check = (context: CheckContext) => Finding[];
