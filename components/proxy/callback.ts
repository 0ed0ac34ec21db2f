import type { Callback } from "../../model/tool-contract.ts";

/** Where the identity-aware proxy takes codes, on the host of the tool that it stands in front of. */
export const PROXY_CALLBACK: Callback = {
  path: "/oauth2/callback",
  platform: "web",
  credential: "federated",
  by: "proxy",
  // With a refresh token the proxy asks Entra again, which is how a disabled person gets out.
  scopes: ["openid", "profile", "email", "offline_access"],
};

/** Service account of a tool's proxy, the subject of the registration's federated credential. */
export function proxyAccount(tool: string): string {
  return `${tool}-proxy`;
}
