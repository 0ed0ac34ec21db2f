import type { Finding } from "../problem.ts";
import type { CheckContext } from "./check.ts";

/** Allowed addresses mean something only where the vault answers in public. */
export function checkVault({ settings }: CheckContext): Finding[] {
  const { publicAccess, allowedIps } = settings.keyVault;
  if (publicAccess || allowedIps.length === 0) return [];
  return [
    {
      path: ["keyVault", "allowedIps"],
      found: "public addresses of a vault without public access",
      allowed: "allowedIps together with publicAccess: true only",
      fix: "Remove allowedIps, or set keyVault.publicAccess to true.",
    },
  ];
}
