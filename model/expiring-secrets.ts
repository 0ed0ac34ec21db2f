import { type DeclaredTool, declaredTools } from "./declared-tools.ts";
import { type SecretSlot, type SecretWindows, secretWindows } from "./secret-calendar.ts";
import type { Settings } from "./settings/schema.ts";
import type { ToolContract } from "./tool-contract.ts";

const DAY = 24 * 60 * 60 * 1000;

/** The two client secrets of one tool, by the calendar of the settings. */
export interface ToolSecrets {
  readonly tool: string;
  readonly windows: SecretWindows;
  /** The older of the two: it ends when the next window begins, and an `up` from then on replaces it. */
  readonly next: SecretSlot;
  /** Whole days until then. */
  readonly days: number;
  /** When the one in use ends, if nothing is deployed before. RFC 3339. */
  readonly lastDay: string;
}

/** The tools whose sign-in needs a client secret, with what the calendar says of it. Empty where every tool does without. */
export function toolSecrets(settings: Settings, contracts: readonly ToolContract[], now: Date): ToolSecrets[] {
  const { anchor, lifetimeDays } = settings.secrets;
  const windows = secretWindows(anchor, lifetimeDays, now);
  const next: SecretSlot = windows.current === "a" ? "b" : "a";
  const days = Math.floor((Date.parse(windows.nextRotation) - now.getTime()) / DAY);
  const lastDay = windows[windows.current].endDate;
  return declaredTools(settings, contracts)
    .filter(needsSecret)
    .map(({ id }) => ({ tool: id, windows, next, days, lastDay }));
}

function needsSecret({ contract, tool }: DeclaredTool): boolean {
  return contract.callbacks(tool).some(({ credential }) => credential === "secret");
}
