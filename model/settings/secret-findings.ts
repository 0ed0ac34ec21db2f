import type { Finding } from "./problem.ts";
import { looksSecret } from "./secret-looking.ts";

/** Every text of the raw settings that looks like a secret. The finding names its place and never its value. */
export function secretFindings(raw: unknown, path: readonly PropertyKey[] = []): Finding[] {
  if (typeof raw === "string") {
    if (!looksSecret(raw)) return [];
    return [
      {
        path,
        found: "a value that looks like a secret (not shown)",
        allowed: "names, addresses and numbers: secrets never stand in settings",
        fix: "Remove it and revoke that secret, since others may have read it. Entrada makes a tool's secrets itself and keeps them in Key Vault.",
      },
    ];
  }
  if (typeof raw !== "object" || raw === null) return [];
  const inside = Array.isArray(raw) ? [...raw.entries()] : Object.entries(raw);
  return inside.flatMap(([key, value]) => secretFindings(value, [...path, key]));
}
