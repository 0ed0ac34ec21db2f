import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SecretWindows, secretWindows } from "./secret-calendar.ts";

const DAY = 86_400_000;
const ANCHOR = "2026-01-01";

const lifetimes = fc.integer({ min: 2, max: 90 });
const moments = fc.date({ min: new Date("2020-01-01"), max: new Date("2060-01-01"), noInvalidDate: true });

const start = ({ startDate }: { startDate: string }) => Date.parse(startDate);
const end = ({ endDate }: { endDate: string }) => Date.parse(endDate);
const windowStart = (windows: SecretWindows) => start(windows[windows.current]);

describe("secretWindows", () => {
  it("counts from the anchor", () => {
    expect(secretWindows(ANCHOR, 90, new Date("2026-01-01T00:00:00Z"))).toEqual({
      window: 0,
      a: { startDate: "2026-01-01T00:00:00Z", endDate: "2026-04-01T00:00:00Z" },
      b: { startDate: "2025-11-17T00:00:00Z", endDate: "2026-02-15T00:00:00Z" },
      current: "a",
      nextRotation: "2026-02-15T00:00:00Z",
    });
  });

  it("renews b in the next window and leaves a as it is", () => {
    const before = secretWindows(ANCHOR, 90, new Date("2026-02-14T23:59:59.999Z"));
    const after = secretWindows(ANCHOR, 90, new Date("2026-02-15T00:00:00Z"));
    expect(after.current).toBe("b");
    expect(after.a).toEqual(before.a);
    expect(after.b).toEqual({ startDate: "2026-02-15T00:00:00Z", endDate: "2026-05-16T00:00:00Z" });
  });

  it("works before the anchor", () => {
    const windows = secretWindows(ANCHOR, 60, new Date("2025-12-31T12:00:00Z"));
    expect(windows).toMatchObject({ window: -1, current: "b", nextRotation: "2026-01-01T00:00:00Z" });
  });

  it("gives the same answer at any moment of a window", () => {
    fc.assert(
      fc.property(
        lifetimes,
        moments,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (days, now, part) => {
          const windows = secretWindows(ANCHOR, days, now);
          const length = Date.parse(windows.nextRotation) - windowStart(windows);
          const other = new Date(windowStart(windows) + Math.floor(part * length));
          expect(secretWindows(ANCHOR, days, other)).toEqual(windows);
        },
      ),
    );
  });

  it("rotates exactly one credential with the next window, the older one", () => {
    fc.assert(
      fc.property(lifetimes, moments, (days, now) => {
        const windows = secretWindows(ANCHOR, days, now);
        const next = secretWindows(ANCHOR, days, new Date(windows.nextRotation));
        expect(next.current).not.toBe(windows.current);
        expect(next[windows.current]).toEqual(windows[windows.current]);
        expect(next[next.current]).not.toEqual(windows[next.current]);
      }),
    );
  });

  it("lets no credential live longer than its lifetime, and both live at every moment", () => {
    fc.assert(
      fc.property(lifetimes, moments, (days, now) => {
        const windows = secretWindows(ANCHOR, days, now);
        for (const credential of [windows.a, windows.b]) {
          expect(end(credential) - start(credential)).toBe(days * DAY);
          expect(start(credential)).toBeLessThanOrEqual(now.getTime());
          expect(end(credential)).toBeGreaterThan(now.getTime());
        }
      }),
    );
  });

  it("overlaps the two for at least a third of a lifetime", () => {
    fc.assert(
      fc.property(lifetimes, moments, (days, now) => {
        const { a, b } = secretWindows(ANCHOR, days, now);
        const overlap = Math.min(end(a), end(b)) - Math.max(start(a), start(b));
        expect(overlap).toBeGreaterThanOrEqual((days * DAY) / 3);
      }),
    );
  });

  it.each([0, 1, 91, 30.5, Number.NaN])("refuses a lifetime of %s days", (days) => {
    expect(() => secretWindows(ANCHOR, days, new Date())).toThrow(RangeError);
  });

  it("refuses an anchor that is no day", () => {
    expect(() => secretWindows("soon", 90, new Date())).toThrow('The anchor "soon" is no day');
  });
});
