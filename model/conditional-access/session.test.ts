import { describe, expect, it } from "vitest";
import { sampleSession } from "../testing/conditional-access.ts";
import type { SessionControls, SignInFrequency } from "./policy.ts";
import { frequencyHours, sessionDemands, strictest } from "./session.ts";

const every: SignInFrequency = {
  isEnabled: true,
  frequencyInterval: "everyTime",
  value: null,
  type: null,
  authenticationType: "primaryAndSecondaryAuthentication",
};
const hours = (value: number, parts: Partial<SignInFrequency> = {}): SignInFrequency => ({
  ...every,
  frequencyInterval: "timeBased",
  value,
  type: "hours",
  ...parts,
});
const second = { authenticationType: "secondaryAuthentication" } as const;

/** In both orders, which has to make no difference. */
function together(left: Partial<SessionControls>, right: Partial<SessionControls>) {
  const [one, other] = [sessionDemands(sampleSession(left)), sessionDemands(sampleSession(right))];
  const result = strictest(one, other);
  expect(strictest(other, one)).toEqual(result);
  return result;
}

describe("sessionDemands", () => {
  it("asks for nothing where nothing is enabled", () => {
    expect(sessionDemands(sampleSession({}))).toEqual({});
    const off = {
      signInFrequency: hours(1, { isEnabled: false }),
      persistentBrowser: { mode: "never", isEnabled: false },
      cloudAppSecurity: { cloudAppSecurityType: "blockDownloads", isEnabled: false },
      applicationEnforcedRestrictions: { isEnabled: false },
      disableResilienceDefaults: false,
    } as const;
    expect(sessionDemands(sampleSession(off))).toEqual({});
  });

  it("asks for what is enabled", () => {
    const on = {
      signInFrequency: hours(1),
      persistentBrowser: { mode: "always", isEnabled: true },
      cloudAppSecurity: { cloudAppSecurityType: "monitorOnly", isEnabled: true },
      applicationEnforcedRestrictions: { isEnabled: true },
      disableResilienceDefaults: true,
    } as const;
    expect(sessionDemands(sampleSession(on))).toEqual({
      signInFrequency: hours(1),
      persistentBrowser: "always",
      cloudAppSecurity: "monitorOnly",
      applicationEnforcedRestrictions: true,
      disableResilienceDefaults: true,
    });
  });
});

describe("strictest", () => {
  it.each([
    [hours(4), hours(12), hours(4)],
    [every, hours(1), every],
    [hours(1, { type: "days" }), hours(25), hours(1, { type: "days" })],
    [hours(4, second), hours(4), hours(4)],
    [hours(3, second), hours(4), hours(3, second)],
    [hours(1, { isEnabled: false }), hours(4), hours(4)],
  ])("of two sign-in frequencies", (left, right, expected) => {
    expect(together({ signInFrequency: left }, { signInFrequency: right })).toEqual({ signInFrequency: expected });
  });

  it("keeps what only one policy asks for", () => {
    const left = { persistentBrowser: { mode: "always", isEnabled: true }, disableResilienceDefaults: true } as const;
    const right = { signInFrequency: hours(1), applicationEnforcedRestrictions: { isEnabled: true } };
    expect(together(left, right)).toEqual({
      persistentBrowser: "always",
      disableResilienceDefaults: true,
      signInFrequency: hours(1),
      applicationEnforcedRestrictions: true,
    });
  });

  it("lets never win over always, and blocked downloads over all else", () => {
    const browser = (mode: "always" | "never") => ({ persistentBrowser: { mode, isEnabled: true } });
    expect(together(browser("always"), browser("never"))).toEqual({ persistentBrowser: "never" });
    const cloud = (cloudAppSecurityType: "mcasConfigured" | "monitorOnly" | "blockDownloads") => ({
      cloudAppSecurity: { cloudAppSecurityType, isEnabled: true },
    });
    expect(together(cloud("monitorOnly"), cloud("mcasConfigured"))).toEqual({ cloudAppSecurity: "mcasConfigured" });
    expect(together(cloud("blockDownloads"), cloud("mcasConfigured"))).toEqual({ cloudAppSecurity: "blockDownloads" });
  });
});

describe("frequencyHours", () => {
  it("counts days as 24 hours and every time as none", () => {
    expect([hours(5), hours(2, { type: "days" }), every].map(frequencyHours)).toEqual([5, 48, 0]);
  });
});
