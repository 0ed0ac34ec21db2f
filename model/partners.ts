import type { Settings } from "./settings/schema.ts";

/** One partner's provider as one tool needs it. */
export interface ToolPartner {
  /** Key under `partners`. */
  readonly key: string;
  readonly displayName: string;
  /** Exact issuer, without a slash at the end. */
  readonly issuer: string;
  /** Client id that the partner gave this tool. */
  readonly clientId: string;
  /** Name of the vault secret with the client secret that the partner handed over; Entrada does not make it. */
  readonly clientSecretName: string;
  /** Claim that lists the person's groups. */
  readonly groupsClaim: string;
  /** Role of the tool → groups of the partner that hold it. */
  readonly access: Readonly<Record<string, readonly string[]>>;
}

/** The partners that may open a tool, in the order of the settings. */
export function partnersOf({ partners }: Pick<Settings, "partners">, toolId: string): ToolPartner[] {
  return Object.entries(partners).flatMap(([key, { displayName, issuer, groupsClaim, tools }]) => {
    const tool = tools[toolId];
    if (tool === undefined) return [];
    const { clientId, access, clientSecretName = `${key}-${toolId}-client-secret` } = tool;
    return [{ key, displayName, issuer, clientId, clientSecretName, groupsClaim, access }];
  });
}
