import { partnersOf } from "../partners.ts";
import { type SecretLifetime, type SecretSlot, secretWindows } from "../secret-calendar.ts";
import type { Settings } from "../settings/schema.ts";
import type { ReportTool } from "./tools.ts";

const DAY = 24 * 60 * 60 * 1000;

/** One secret that the calendar demands at this moment. */
export interface ReportSecret extends SecretLifetime {
  readonly slot: SecretSlot;
  /** Whether it is the newer of the two, which the tool is given. */
  readonly current: boolean;
  /** Whole days until it ends. */
  readonly daysLeft: number;
}

/** How tools prove themselves to Entra, and when that ends. */
export interface ReportCredentials {
  /** Ids of the tools that keep a secret in the vault. */
  readonly withSecret: readonly string[];
  /** Ids of the tools that do without. */
  readonly secretless: readonly string[];
  readonly lifetimeDays: number;
  /** Both secrets of every tool of `withSecret`: one calendar for all. The older one first. */
  readonly secrets: readonly [ReportSecret, ReportSecret];
  /** When the older one is to be replaced, and for how long its successor lives. */
  readonly next: SecretLifetime;
  /** Secrets that partners handed over. When those end, only the partner knows. */
  readonly partnerSecrets: readonly { readonly tool: string; readonly partner: string; readonly name: string }[];
}

export function reportCredentials(settings: Settings, tools: readonly ReportTool[], now: Date): ReportCredentials {
  const { anchor, lifetimeDays } = settings.secrets;
  const windows = secretWindows(anchor, lifetimeDays, now);
  const secret = (slot: SecretSlot): ReportSecret => ({
    ...windows[slot],
    slot,
    current: slot === windows.current,
    daysLeft: Math.floor((Date.parse(windows[slot].endDate) - now.getTime()) / DAY),
  });
  const keepsSecret = ({ credentials }: ReportTool) => credentials.includes("secret");
  const ids = (chosen: readonly ReportTool[]) => chosen.map(({ id }) => id);
  const nextEnd = new Date(Date.parse(windows.nextRotation) + lifetimeDays * DAY);
  return {
    withSecret: ids(tools.filter(keepsSecret)),
    secretless: ids(tools.filter((tool) => !keepsSecret(tool))),
    lifetimeDays,
    secrets: windows.current === "a" ? [secret("b"), secret("a")] : [secret("a"), secret("b")],
    next: { startDate: windows.nextRotation, endDate: nextEnd.toISOString().replace(".000Z", "Z") },
    partnerSecrets: tools.flatMap(({ id }) =>
      partnersOf(settings, id).map(({ displayName, clientSecretName }) => ({
        tool: id,
        partner: displayName,
        name: clientSecretName,
      })),
    ),
  };
}
