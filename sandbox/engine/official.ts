import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { deployerClientId } from "../emulator/seed.ts";
import type { SandboxLayout } from "../layout.ts";
import { localSecret } from "../secrets.ts";
import type { SupervisorRecord } from "../supervisor/record.ts";
import { findOnPath } from "../toolchain/search-path.ts";

/** Packages whose own plugins can stand before the emulator in place of the sandbox's stand-ins. */
export const OFFICIAL = ["azuread", "azure-native", "kubernetes"] as const;

/** Which plugins the engine uses: the sandbox's stand-ins, or Pulumi's own where there are some (docs/official-plugins.md). */
export type ProviderKind = "stand-in" | "official";

/** A plugin that is installed. */
export interface OfficialPlugin {
  readonly name: (typeof OFFICIAL)[number];
  readonly file: string;
}

/**
 * Finds the three plugins where the engine would: on PATH, in whatever version, else in Pulumi's plugin cache in the version of
 * the SDK that package.json pins.
 * @throws Error that names every missing one, with its version and the command that installs it
 */
export function findOfficialPlugins(env: NodeJS.ProcessEnv = process.env): OfficialPlugin[] {
  const found: OfficialPlugin[] = [];
  const missing: string[] = [];
  for (const name of OFFICIAL) {
    const version = sdkVersion(name);
    const file = findOnPath(`pulumi-resource-${name}`, [env.PATH ?? "", ...cached(name, version, env)].join(":"));
    if (file === undefined) missing.push(`${name} ${version}: pulumi plugin install resource ${name} v${version}`);
    else found.push({ name, file });
  }
  if (missing.length === 0) return found;
  throw new Error(
    [
      "--providers official needs plugins that are not installed. Install them, or leave the option out (--providers stand-in is the default):",
      ...missing,
    ].join("\n  "),
  );
}

/** The folders to put before PATH: the engine takes a plugin that it finds there, whatever its home is. */
export function pluginFolders(plugins: readonly OfficialPlugin[]): string[] {
  return [...new Set(plugins.map(({ file }) => dirname(file)))];
}

/** A variable: its value, or the file that whoever sets it reads it from, so that a secret is never printed. */
export type Variable = { readonly name: string } & ({ readonly value: string } | { readonly file: string });

/**
 * What the official plugins need to meet the emulator: the proxy with its authority, under Microsoft's own host names, and the
 * deployer by its client secret, which is the one way of signing in that both Azure plugins take here. No other cloud is named
 * to them, and instance discovery stays on: the emulator answers it, as Entra does.
 */
export function officialVariables(
  layout: SandboxLayout,
  { proxy, caFile, tenantId }: Pick<SupervisorRecord, "proxy" | "caFile" | "tenantId">,
): Variable[] {
  return [
    { name: "HTTPS_PROXY", value: proxy },
    { name: "NO_PROXY", value: "127.0.0.1,localhost" },
    { name: "SSL_CERT_FILE", value: caFile },
    { name: "ARM_TENANT_ID", value: tenantId },
    { name: "ARM_CLIENT_ID", value: deployerClientId(tenantId) },
    { name: "ARM_CLIENT_SECRET", file: localSecret(layout, "deployer").file },
  ];
}

function sdkVersion(name: string): string {
  const { version } = createRequire(import.meta.url)(`@pulumi/${name}/package.json`) as { version: string };
  return version;
}

function cached(name: string, version: string, { PULUMI_HOME, HOME = homedir() }: NodeJS.ProcessEnv): string[] {
  const homes = [...(PULUMI_HOME ? [PULUMI_HOME] : []), join(HOME, ".pulumi")];
  return homes.map((home) => join(home, "plugins", `resource-${name}-v${version}`));
}
