const DAY = 24 * 60 * 60 * 1000;

/** The two credentials that overlap. Each slot is renewed in every second window. */
export type SecretSlot = "a" | "b";

/** When one credential lives, as RFC 3339 in UTC with whole seconds. */
export interface SecretLifetime {
  readonly startDate: string;
  readonly endDate: string;
}

/** The credentials that ought to exist in one window. */
export interface SecretWindows {
  /** Number of the window, counted from the anchor; negative before it. */
  readonly window: number;
  readonly a: SecretLifetime;
  readonly b: SecretLifetime;
  /** The newer of the two: what the tool is given. */
  readonly current: SecretSlot;
  /** When the next window begins and the older credential is replaced. */
  readonly nextRotation: string;
}

/**
 * The two credentials of the window that `now` falls into. A window is half a lifetime long, and each window's start
 * renews one slot for a whole lifetime: so the same answer at any moment of a window, exactly one change at the next,
 * and a tool that still has the older credential has half a lifetime to take up the newer one.
 *
 * @param anchor day (YYYY-MM-DD, UTC) from which windows are counted
 * @param lifetimeDays days that each credential lives, from 2 to 90
 * @throws RangeError for a lifetime outside these bounds or an anchor that is no day
 */
export function secretWindows(anchor: string, lifetimeDays: number, now: Date): SecretWindows {
  if (!Number.isInteger(lifetimeDays) || lifetimeDays < 2 || lifetimeDays > 90) {
    throw new RangeError(`A secret's lifetime is ${lifetimeDays} days; allowed are whole numbers from 2 to 90.`);
  }
  const origin = Date.parse(`${anchor}T00:00:00Z`);
  if (Number.isNaN(origin)) throw new RangeError(`The anchor "${anchor}" is no day; write it as YYYY-MM-DD.`);

  const lifetime = lifetimeDays * DAY;
  const length = lifetime / 2;
  const window = Math.floor((now.getTime() - origin) / length);
  const current: SecretSlot = window % 2 === 0 ? "a" : "b";
  const lifetimeFrom = (start: number) => ({ startDate: instant(start), endDate: instant(start + lifetime) });
  const newer = lifetimeFrom(origin + window * length);
  const older = lifetimeFrom(origin + (window - 1) * length);
  return {
    window,
    a: current === "a" ? newer : older,
    b: current === "b" ? newer : older,
    current,
    nextRotation: instant(origin + (window + 1) * length),
  };
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(".000Z", "Z");
}
