import type { ToolPartner } from "../../model/partners.ts";

/** The gate of the company's own people, and its pods' label. */
export const ENTRA_GATE = "entra";

/** One proxy for one role of one partner: where its people come in. */
export interface PartnerGate {
  /** Part of the names of what is made for it. @example "acme" */
  readonly key: string;
  readonly host: string;
  readonly partner: ToolPartner;
  /** The one role that this gate gives. */
  readonly role: string;
  /** Groups of the partner that may pass. */
  readonly groups: readonly string[];
}

/**
 * The partners' gates to a tool. oauth2-proxy takes one provider, so each partner has a proxy and a host of its own:
 * `<tool>-<partner>.<domain>`. It cannot map groups to roles either, and a partner's group may be called like a role of the
 * tool; the gate therefore tells the tool its own fixed role, and a partner with several roles has one gate for each, at
 * `<tool>-<partner>-<role>.<domain>`.
 */
export function partnerGates(tool: string, domain: string, partners: readonly ToolPartner[]): PartnerGate[] {
  return partners.flatMap((partner) => {
    const roles = Object.entries(partner.access).filter(([, groups]) => groups.length > 0);
    return roles.map(([role, groups]) => {
      const key = roles.length === 1 ? partner.key : `${partner.key}-${role.toLowerCase().replaceAll("_", "-")}`;
      return { key, host: `${tool}-${key}.${domain}`, partner, role, groups };
    });
  });
}
