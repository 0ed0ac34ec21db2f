import { type ProxySettings, parseImage } from "../../model/settings/index.ts";
import type { ToolEnvironment } from "../tools/environment.ts";

/**
 * Oldest oauth2-proxy that may stand there. 7.15.2 closed ways past the sign-in (GHSA-5hvv-m4w4-gf6v,
 * GHSA-7x63-xv5r-3p2x); versions before 7.9 cannot renew a session with a federated token at all (#3031).
 */
const OLDEST = [7, 15, 2];

/** The proxy's settings. @throws Error that names the tool where the settings have none, or an image that is too old. */
export function proxySettings(tool: string, { proxy }: Pick<ToolEnvironment, "proxy">): ProxySettings {
  if (proxy === undefined) {
    throw new Error(`${tool} stands behind the identity-aware proxy, so the settings need the key proxy.`);
  }
  if (isTooOld(proxy.image)) {
    throw new Error(
      `proxy.image is ${proxy.image}, but ${OLDEST.join(".")} or newer is needed: older ones let people past the sign-in.`,
    );
  }
  return proxy;
}

function isTooOld(image: string): boolean {
  const version = (parseImage(image)?.tag ?? "").replace(/^v/, "").split(/[.-]/).slice(0, 3).map(Number);
  const [difference = 0] = OLDEST.map((oldest, place) => (version[place] ?? 0) - oldest).filter((one) => one !== 0);
  return difference < 0;
}
