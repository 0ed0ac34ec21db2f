import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "../../model/conditional-access/played.ts";
import type { PartnerProvider } from "../emulator/partner/provider.ts";
import type { SeedGroup, SeedPerson } from "../emulator/seed.ts";
import type { SandboxLayout } from "../layout.ts";
import type { Toolchain } from "../toolchain/index.ts";

/** What a command asks of a sandbox: whose directory it plays, and with which programs. */
export interface SandboxRequest {
  readonly layout: SandboxLayout;
  readonly toolchain: Toolchain;
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** Display name of the company, for the sign-in page. */
  readonly organization: string;
  /** Verified domains of the tenant, the users' first. */
  readonly domains: readonly string[];
  /** The cluster's service-account issuer, a public-looking https URL. */
  readonly issuer: string;
  readonly people: readonly SeedPerson[];
  /** Groups that others keep, so that a stack which names them finds them. */
  readonly groups: readonly SeedGroup[];
  /** Where they sign in from, unless they play another place. */
  readonly home: Home;
  /** The partners' providers, played under their own host names. Their clients' secrets are the sandbox's own. */
  readonly partners: readonly PartnerProvider[];
}

/** Hands the request to the supervisor by a file: a command line is readable by everybody on the machine. */
export function writeRequest(layout: SandboxLayout, request: SandboxRequest): string {
  const file = join(layout.run, "request.json");
  writeFileSync(file, JSON.stringify(request), { mode: 0o600 });
  return file;
}

export function readRequest(file: string): SandboxRequest {
  return JSON.parse(readFileSync(file, "utf8")) as SandboxRequest;
}
