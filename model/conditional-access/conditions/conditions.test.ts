import { describe, expect, it } from "vitest";
import { sampleSignIn } from "../../testing/conditional-access.ts";
import type { ClientAppType, PlatformName } from "../policy.ts";
import type { SignInConditions } from "../sign-in.ts";
import { clientCondition } from "./clients.ts";
import { deviceCondition } from "./devices.ts";
import { flowCondition } from "./flows.ts";
import { platformCondition } from "./platforms.ts";
import { riskCondition } from "./risks.ts";

/** A sign-in that tells nothing but what is given. */
const knowing = (conditions: SignInConditions) => ({ ...sampleSignIn(), conditions });

describe("clientCondition", () => {
  const answer = (types: ClientAppType[], conditions: SignInConditions) =>
    clientCondition(types)?.(knowing(conditions));

  it("is absent where a policy takes every client", () => {
    expect(clientCondition(["all"])).toBeUndefined();
    expect(clientCondition([])).toBeUndefined();
  });

  it("takes the listed kinds", () => {
    expect(answer(["browser"], { clientAppType: "browser" })).toBe(true);
    expect(answer(["browser", "other"], { clientAppType: "other" })).toBe(true);
    expect(answer(["browser"], { clientAppType: "mobileAppsAndDesktopClients" })).toBe(false);
    expect(answer(["browser"], {})).toBe("unknown");
  });

  it("tells Exchange ActiveSync on supported platforms from all of it", () => {
    expect(answer(["exchangeActiveSync"], { clientAppType: "easSupported" })).toBe(true);
    expect(answer(["easSupported"], { clientAppType: "easSupported" })).toBe(true);
    expect(answer(["easSupported"], { clientAppType: "exchangeActiveSync", devicePlatform: "iOS" })).toBe(true);
    expect(answer(["easSupported"], { clientAppType: "exchangeActiveSync", devicePlatform: "linux" })).toBe(false);
    expect(answer(["easSupported"], { clientAppType: "exchangeActiveSync", devicePlatform: null })).toBe(false);
    expect(answer(["easSupported"], { clientAppType: "exchangeActiveSync" })).toBe("unknown");
    expect(answer(["browser"], { clientAppType: "easSupported" })).toBe(false);
  });
});

describe("platformCondition", () => {
  const answer = (include: PlatformName[], exclude: PlatformName[], conditions: SignInConditions) =>
    platformCondition({ includePlatforms: include, excludePlatforms: exclude })?.(knowing(conditions));
  const supported: PlatformName[] = ["android", "iOS", "windows", "macOS", "linux"];

  it("is absent where a policy names no platform", () => {
    expect(platformCondition(null)).toBeUndefined();
    expect(platformCondition({ includePlatforms: [], excludePlatforms: [] })).toBeUndefined();
  });

  it("takes the included ones without the excluded", () => {
    expect(answer(["windows"], [], { devicePlatform: "windows" })).toBe(true);
    expect(answer(["windows"], [], { devicePlatform: "linux" })).toBe(false);
    expect(answer(["all"], ["linux"], { devicePlatform: "linux" })).toBe(false);
    expect(answer(["all"], ["linux"], { devicePlatform: "macOS" })).toBe(true);
    expect(answer(["windows"], ["all"], { devicePlatform: "windows" })).toBe(false);
  });

  it("matches a platform that Entra does not recognise with all only", () => {
    expect(answer(["all"], supported, { devicePlatform: null })).toBe(true);
    expect(answer(supported, [], { devicePlatform: null })).toBe(false);
  });

  it("needs the platform where it decides", () => {
    expect(answer(["all"], [], {})).toBe(true);
    expect(answer(["windows"], [], {})).toBe("unknown");
    expect(answer(["all"], ["linux"], {})).toBe("unknown");
  });
});

describe("deviceCondition", () => {
  const rule = 'device.trustType -eq "ServerAD"';
  const answer = (mode: "include" | "exclude", conditions: SignInConditions, text = rule) =>
    deviceCondition({ deviceFilter: { mode, rule: text } })?.(knowing(conditions));

  it("is absent without a filter", () => {
    expect(deviceCondition(null)).toBeUndefined();
    expect(deviceCondition({ deviceFilter: null })).toBeUndefined();
  });

  it("includes what matches, or everything else", () => {
    const device = { isCompliant: false, trustType: "ServerAD" } as const;
    expect(answer("include", { device })).toBe(true);
    expect(answer("exclude", { device })).toBe(false);
    expect(answer("include", { device: null })).toBe(false);
    expect(answer("exclude", { device: null })).toBe(true);
  });

  it("needs the device, and a rule that can be read", () => {
    expect(answer("include", {})).toBe("unknown");
    expect(answer("include", { device: null }, "nonsense")).toBe("invalid");
  });
});

describe("riskCondition", () => {
  it("is absent without levels", () => {
    expect(riskCondition([], "signInRiskLevel")).toBeUndefined();
    expect(riskCondition(null, "insiderRiskLevel")).toBeUndefined();
    expect(riskCondition("", "insiderRiskLevel")).toBeUndefined();
  });

  it("takes exactly the listed levels of its own kind", () => {
    const high = knowing({ signInRiskLevel: "high", userRiskLevel: "low" });
    expect(riskCondition(["high"], "signInRiskLevel")?.(high)).toBe(true);
    expect(riskCondition(["high"], "userRiskLevel")?.(high)).toBe(false);
    expect(riskCondition(["medium"], "signInRiskLevel")?.(high)).toBe(false);
    expect(riskCondition(["none", "low"], "userRiskLevel")?.(high)).toBe(true);
    expect(riskCondition(["low"], "servicePrincipalRiskLevel")?.(high)).toBe("unknown");
  });

  it("reads insider risk from flags", () => {
    const test = riskCondition("moderate,elevated", "insiderRiskLevel");
    expect(test?.(knowing({ insiderRiskLevel: "elevated" }))).toBe(true);
    expect(test?.(knowing({ insiderRiskLevel: "minor" }))).toBe(false);
    expect(test?.(knowing({}))).toBe("unknown");
  });
});

describe("flowCondition", () => {
  it("takes the listed flows", () => {
    const test = flowCondition({ transferMethods: "deviceCodeFlow,authenticationTransfer" });
    expect(test?.(knowing({ authenticationFlow: "authenticationTransfer" }))).toBe(true);
    expect(test?.(knowing({ authenticationFlow: "none" }))).toBe(false);
    expect(test?.(knowing({}))).toBe("unknown");
  });

  it("is absent without flows", () => {
    expect(flowCondition(null)).toBeUndefined();
    expect(flowCondition({ transferMethods: "" })).toBeUndefined();
  });
});
