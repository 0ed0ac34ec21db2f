import type { ToolContract, ToolSettings } from "./tool-contract.ts";

/** The exact redirect URIs of a tool's registration, by platform. */
export interface RedirectUris {
  readonly web: readonly string[];
  readonly spa: readonly string[];
}

/** Where people open the tool: `https://<host>`, without a slash at the end. */
export function toolUrl(tool: Pick<ToolSettings, "host">): string {
  return `https://${tool.host}`;
}

/**
 * The redirect URIs of a tool on its host. Entra compares them character by character (AADSTS50011), so the
 * registration, the tool's own settings, policies and checks all read them here.
 */
export function redirectUris<S extends ToolSettings>(
  contract: Pick<ToolContract<S>, "callbacks">,
  tool: S,
): RedirectUris {
  const on = (platform: "web" | "spa") =>
    contract
      .callbacks(tool)
      .filter((callback) => callback.platform === platform)
      .map(({ path }) => `${toolUrl(tool)}${path}`);
  return { web: on("web"), spa: on("spa") };
}

/** The address that Entra loads in a hidden frame when a person signs out; undefined where the tool has none. */
export function logoutUrl(
  contract: Pick<ToolContract, "logoutPath">,
  tool: Pick<ToolSettings, "host">,
): string | undefined {
  return contract.logoutPath === undefined ? undefined : `${toolUrl(tool)}${contract.logoutPath}`;
}
