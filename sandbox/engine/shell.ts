import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deployerClientId } from "../emulator/seed.ts";
import type { SandboxLayout } from "../layout.ts";
import { localSecret } from "../secrets.ts";
import type { SupervisorRecord } from "../supervisor/record.ts";
import { findOnPath } from "../toolchain/search-path.ts";
import { attachedProviders } from "./attached.ts";
import { type OfficialPlugin, officialVariables, pluginFolders, type Variable } from "./official.ts";

/** Folder with the sandbox's own language host, for where the official one is not installed. */
export const LANGUAGE_HOST = fileURLToPath(new URL("../language-host/bin", import.meta.url));

/** What a shell needs so that programs in it find Azure on this machine. */
export interface ShellRequest {
  readonly layout: SandboxLayout;
  readonly sandbox: SupervisorRecord;
  /** The Pulumi CLI that the sandbox itself uses. */
  readonly pulumi: string;
  /** The shell's PATH. */
  readonly path: string;
  /** Plugins that the engine starts in place of the sandbox's stand-ins. Default: none. */
  readonly official?: readonly OfficialPlugin[];
}

/**
 * Folders to put before a shell's PATH, so that the ordinary `pulumi` works there. A Pulumi CLI and a Node.js language host that
 * are there already stay the ones that are used.
 */
export function shellPath({
  pulumi,
  path,
  official = [],
}: Pick<ShellRequest, "pulumi" | "path" | "official">): string[] {
  const languageHost = findOnPath("pulumi-language-nodejs", path);
  // Pulumi's own archive has it beside the CLI, where the engine looks too.
  const bundled = existsSync(join(dirname(realpathSync(pulumi)), "pulumi-language-nodejs"));
  const there = path.split(delimiter);
  return [
    ...pluginFolders(official).filter((folder) => !there.includes(folder)),
    ...(languageHost === undefined && !bundled ? [LANGUAGE_HOST] : []),
    ...(findOnPath("pulumi", path) === pulumi ? [] : [dirname(pulumi)]),
  ];
}

/**
 * The variables of a shell in which the ordinary Pulumi CLI, Azure's libraries and `entrada bootstrap` meet the sandbox. They are
 * the ones that people set for a company's proxy and for a program's sign-in; no program has to know of the sandbox.
 *
 * - The state is not among them. The sandbox keeps a state of its own for `entrada sandbox up`, which takes over the locks of
 *   killed runs and repairs what they left: a second user of it, with another stack file's salt, could lose secrets or changes.
 *   Who types `pulumi` logs in to a place of their own, as in production.
 * - PULUMI_HOME is the sandbox's, so that `pulumi login` leaves the user's own login as it is.
 * - The identity is the deployer's, a program with a client secret. Azure's libraries take none from a file: the shell reads
 *   it there.
 */
export function shellVariables({
  layout,
  sandbox,
  official = [],
}: Pick<ShellRequest, "layout" | "sandbox" | "official">): Variable[] {
  const { proxy, caFile, kubeconfig, tenantId } = sandbox;
  // The cluster and the plugins are reached without the proxy.
  const direct = "127.0.0.1,localhost";
  return [
    // Libraries disagree on which of the two spellings comes first.
    { name: "HTTPS_PROXY", value: proxy },
    { name: "https_proxy", value: proxy },
    { name: "NO_PROXY", value: direct },
    { name: "no_proxy", value: direct },
    { name: "SSL_CERT_FILE", value: caFile },
    { name: "NODE_EXTRA_CA_CERTS", value: caFile },
    { name: "REQUESTS_CA_BUNDLE", value: caFile },
    { name: "KUBECONFIG", value: kubeconfig },
    { name: "AZURE_TENANT_ID", value: tenantId },
    { name: "AZURE_CLIENT_ID", value: deployerClientId(tenantId) },
    { name: "AZURE_CLIENT_SECRET", file: localSecret(layout, "deployer").file },
    { name: "PULUMI_HOME", value: layout.pulumiHome },
    // Of stacks whose secrets a passphrase guards; one with a key in a vault has no use for it.
    { name: "PULUMI_CONFIG_PASSPHRASE_FILE", value: localSecret(layout, "passphrase").file },
    { name: "PULUMI_SKIP_UPDATE_CHECK", value: "true" },
    { name: "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", value: "true" },
    { name: "PULUMI_DEBUG_PROVIDERS", value: attachedProviders(sandbox, official) },
    ...(official.length === 0 ? [] : officialVariables(layout, sandbox).filter(({ name }) => name.startsWith("ARM_"))),
  ];
}

/** The lines for a shell of the POSIX family. */
export function shellLines(request: ShellRequest): string[] {
  const folders = shellPath(request);
  return [
    // Of another environment, and perhaps a real one.
    "unset PULUMI_BACKEND_URL PULUMI_ACCESS_TOKEN",
    ...(folders.length === 0 ? [] : [`export PATH=${quoted(folders.join(delimiter))}${delimiter}"$PATH"`]),
    ...shellVariables(request).map((variable) =>
      "file" in variable
        ? `export ${variable.name}="$(cat ${quoted(variable.file)})"`
        : `export ${variable.name}=${quoted(variable.value)}`,
    ),
  ];
}

/** A word that a shell takes as it is. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
