import type { Directory } from "../directory.ts";
import { EntraError } from "./errors.ts";

/** Host of the public cloud's sign-in; the emulator is served under Microsoft's own names. */
export const LOGIN = "https://login.microsoftonline.com";

/** What the first path segment means: this directory, or whichever one the person belongs to. */
export type TenantSegment = "tenant" | "common" | "organizations";

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/** Throws AADSTS90002 for another tenant and AADSTS900023 for what cannot be one. */
export function tenantSegment(data: Directory, segment: string): TenantSegment {
  const name = segment.toLowerCase();
  if (name === "common" || name === "organizations") return name;
  if (name === data.tenantId || data.domains.some((domain) => domain.toLowerCase() === name)) return "tenant";
  throw new EntraError(GUID.test(segment) || DOMAIN.test(segment) ? 90002 : 900023, { tenant: segment });
}

export function issuerV2(data: Directory): string {
  return `${LOGIN}/${data.tenantId}/v2.0`;
}

export function issuerV1(data: Directory): string {
  return `https://sts.windows.net/${data.tenantId}/`;
}
