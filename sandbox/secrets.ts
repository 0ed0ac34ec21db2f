import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SandboxLayout } from "./layout.ts";

/** A secret of this sandbox alone: made at first use, kept in a file that only its user can read (mode 0600). */
export interface LocalSecret {
  readonly file: string;
  readonly value: string;
}

/** Reads or makes the secret `name`; 256 random bits, so that no two machines share one. */
export function localSecret(layout: SandboxLayout, name: string): LocalSecret {
  const file = join(layout.secrets, name);
  try {
    writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return { file, value: readFileSync(file, "utf8") };
}

/** Name of the client secret that a partner gave one tool's client: the sandbox plays the partner, so it makes it. */
export function partnerSecretName(partner: string, tool: string): string {
  return `partner-${partner}-${tool}`;
}
