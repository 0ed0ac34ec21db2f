import {
  type DeclaredTool,
  declaredTools,
  type PartnerCallback,
  partnersOf,
  type Settings,
  type ToolContract,
  type ToolPartner,
} from "../model/index.ts";
import type { PartnerProvider } from "../sandbox/emulator/partner/provider.ts";

/** A tool that a partner's people may open with their own company's account. */
export interface PartnerTool extends DeclaredTool {
  readonly partner: ToolPartner;
  readonly callback: PartnerCallback;
  /** The sign-in redirect URI that the partner registers with the tool's client. */
  readonly redirectUri: string;
}

/** The tools of an environment that partners open, one entry for each partner of each tool. */
export function partnerTools(settings: Settings, contracts: readonly ToolContract[]): PartnerTool[] {
  return declaredTools(settings, contracts).flatMap((declared) =>
    partnersOf(settings, declared.id).flatMap((partner): PartnerTool[] => {
      const { contract, tool } = declared;
      const callback = contract.partnerCallback?.(tool, partner.key);
      if (callback === undefined) return [];
      const redirectUri = `https://${callback.host ?? tool.host}${callback.path}`;
      return [{ ...declared, partner, callback, redirectUri }];
    }),
  );
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
      .map(({ id, partner, redirectUri }) => ({ tool: id, clientId: partner.clientId, redirectUris: [redirectUri] })),
  }));
}
