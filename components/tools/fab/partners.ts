import type { ToolPartner } from "../../../model/partners.ts";
import type { ToolRole } from "../../../model/tool-contract.ts";
import type { MountedSecret } from "../../kubernetes/secret-mount.ts";

/** Keys that mean something else in Flask-AppBuilder's tools: Entra's provider, and the users of applications. */
const RESERVED_KEYS = ["azure", "application"];

/** A partner as the tool's configuration reads it. Its client secret is a file of its own. */
export interface PartnerSettings {
  readonly key: string;
  readonly displayName: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly groupsClaim: string;
  /** The partner's group → the tool's own roles. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

/**
 * The partners of a tool, with each group's roles in the tool's own names.
 *
 * @throws Error for an admin role, a role that people cannot hold, and a key that means something else
 */
export function partnerSettings(partners: readonly ToolPartner[], roles: readonly ToolRole[]): PartnerSettings[] {
  return partners.map(({ key, displayName, issuer, clientId, groupsClaim, access }) => {
    if (RESERVED_KEYS.includes(key)) throw new Error(`partners.${key}: "${key}" cannot be a partner's key.`);
    const granted = new Map<string, Set<string>>();
    for (const [value, groups] of Object.entries(access)) {
      const toolRoles = grantable(key, value, roles);
      for (const group of groups) granted.set(group, new Set([...(granted.get(group) ?? []), ...toolRoles]));
    }
    const byGroup = Object.fromEntries([...granted].map(([group, names]) => [group, [...names]]));
    return { key, displayName, issuer, clientId, groupsClaim, roles: byGroup };
  });
}

function grantable(partner: string, value: string, roles: readonly ToolRole[]): readonly string[] {
  const role = roles.find((offered) => offered.value === value);
  if (role === undefined || !(role.holders ?? ["User"]).includes("User")) {
    throw new Error(`partners.${partner} names the role "${value}", which people cannot hold.`);
  }
  if (role.admin) throw new Error(`partners.${partner} names the admin role "${value}", which a partner never holds.`);
  return role.toolRoles;
}

/** The secrets that partners handed over, as files. They are put into the vault by hand, so their versions are not known here. */
export function partnerSecrets(partners: readonly ToolPartner[]): MountedSecret[] {
  return partners.map(({ key, clientSecretName: secretName }) => ({
    secretName,
    file: `partner-${key}-client-secret`,
    version: "external",
  }));
}

/** Where the tool asks partners' providers, which serve discovery, keys and tokens on their issuer's host. */
export function partnerHosts(partners: readonly ToolPartner[]): string[] {
  return [...new Set(partners.map(({ issuer }) => new URL(issuer).hostname))];
}
