import { PROXY_CALLBACK, proxyAccount } from "../components/proxy/callback.ts";
import { partnerGates } from "../components/proxy/partners.ts";
import {
  type DeclaredTool,
  declaredTools,
  partnersOf,
  type Settings,
  type ToolContract,
  type ToolPartner,
  toolUrl,
} from "../model/index.ts";
import type { PartnerProvider } from "../sandbox/emulator/partner/provider.ts";

/** What a tool asks a partner's provider for: Okta names groups for the scope `groups` only. */
const SCOPES = ["openid", "profile", "email", "groups"];

/** One place where a tool takes the codes of a partner's provider. */
export interface PartnerEntrance {
  /** Sign-in redirect URI that the partner registers with the tool's client. */
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** Service account of the pods that take the code. Default: the tool's own. */
  readonly account?: string;
  /** The one role that people get here. Default: what the groups claim says. */
  readonly role?: string;
}

/** A tool that a partner's people may open with their own company's account. */
export interface PartnerTool extends DeclaredTool {
  readonly partner: ToolPartner;
  readonly entrances: readonly PartnerEntrance[];
}

/** The tools of an environment that partners open, one entry for each partner of each tool. */
export function partnerTools(settings: Settings, contracts: readonly ToolContract[]): PartnerTool[] {
  return declaredTools(settings, contracts).flatMap((declared) =>
    partnersOf(settings, declared.id)
      .map((partner) => ({ ...declared, partner, entrances: entrancesOf(declared, partner, settings.domain) }))
      .filter(({ entrances }) => entrances.length > 0),
  );
}

/** The tool's own callback, or the gates of the identity-aware proxy that stands in front of it. */
function entrancesOf({ id, contract, tool }: DeclaredTool, partner: ToolPartner, domain: string): PartnerEntrance[] {
  if (contract.proxied?.(tool) === true) {
    return partnerGates(id, domain, [partner]).map(({ key, host, role }) => ({
      redirectUri: `https://${host}${PROXY_CALLBACK.path}`,
      scopes: [...SCOPES, "offline_access"],
      account: `${proxyAccount(id)}-${key}`,
      role,
    }));
  }
  const callback = contract.partnerCallback?.(tool, partner.key);
  if (callback === undefined) return [];
  return [{ redirectUri: `${toolUrl(tool)}${callback.path}`, scopes: callback.scopes ?? SCOPES }];
}

/** The partners' providers as the sandbox plays them: the people of the settings, and a client for each tool. */
export function partnerProviders(settings: Settings, contracts: readonly ToolContract[]): PartnerProvider[] {
  const tools = partnerTools(settings, contracts);
  return Object.entries(settings.partners).map(([key, { displayName, issuer, groupsClaim, people }]) => ({
    key,
    displayName,
    issuer,
    groupsClaim,
    people: Object.entries(people).map(([person, about]) => ({
      key: person,
      displayName: about.displayName,
      mail: about.mail,
      groups: about.groups,
      enabled: about.enabled,
    })),
    clients: tools
      .filter(({ partner }) => partner.key === key)
      .map(({ id, partner, entrances }) => ({
        tool: id,
        clientId: partner.clientId,
        redirectUris: entrances.map(({ redirectUri }) => redirectUri),
      })),
  }));
}
