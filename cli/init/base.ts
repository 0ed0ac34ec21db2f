/** The settings that every environment has, in the order in which they are asked, each with its option. */
export const BASE = [
  { path: ["organization"], flag: "--organization" },
  { path: ["domain"], flag: "--domain" },
  { path: ["userDomain"], flag: "--user-domain" },
  { path: ["tenantId"], flag: "--tenant" },
  { path: ["subscriptionId"], flag: "--subscription" },
  { path: ["location"], flag: "--location" },
  { path: ["registry"], flag: "--registry" },
] as const;

/** The cluster's settings, asked after the tools. */
export const CLUSTER = [
  { path: ["cluster", "oidcIssuer"], flag: "--oidc-issuer" },
  { path: ["cluster", "context"], flag: "--context" },
  { path: ["cluster", "gateway", "namespace"], flag: "--gateway" },
  { path: ["cluster", "gateway", "name"], flag: "--gateway" },
] as const;

/** What a tenant without Entra ID P2 licences says about the parts of Conditional Access that look at risk. */
export const WITHOUT_P2 = { state: "off", reason: "No Entra ID P2 licences in this tenant" } as const;

/** The parts of the baseline that need P2 licences. */
export const P2_PARTS = ["sign-in-risk", "user-risk"] as const;

/**
 * Whether a setting names something that every environment has its own of, such as its database: a copy of it from
 * another environment is hardly ever meant.
 */
export function isOwn(path: readonly string[]): boolean {
  const text = path.join(".");
  if (["domain", "cluster.oidcIssuer", "cluster.context", "keyVault.name"].includes(text)) return true;
  if (path[0] === "platform" && path.at(-1) === "name") return true;
  return path.length > 1 && path.at(-1) === "host" && (path[0] === "tools" || path[0] === "proxy");
}
