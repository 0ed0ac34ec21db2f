import type { ProxySettings } from "../../model/settings/index.ts";
import type { ToolEnvironment } from "../tools/environment.ts";

/** The proxy's settings. @throws Error that names the tool where the settings have none. */
export function proxySettings(tool: string, { proxy }: Pick<ToolEnvironment, "proxy">): ProxySettings {
  if (proxy === undefined) {
    throw new Error(`${tool} stands behind the identity-aware proxy, so the settings need the key proxy.`);
  }
  return proxy;
}
