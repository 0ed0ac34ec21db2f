import { describe, expect, it } from "vitest";
import { samplePolicy, sampleSignIn } from "../../testing/conditional-access.ts";
import type { ApplicationConditions } from "../policy.ts";
import type { SignInTarget } from "../sign-in.ts";
import { targetCondition } from "./targets.ts";

const NONE: Partial<ApplicationConditions> = { includeApplications: [] };

function condition(parts: Partial<ApplicationConditions>) {
  return targetCondition(samplePolicy({ applications: parts }).conditions.applications);
}
function answer(parts: Partial<ApplicationConditions>, target: SignInTarget) {
  return condition(parts)?.test(sampleSignIn({}, undefined, target));
}
const apps = (...clientIds: string[]): SignInTarget => ({ kind: "applications", clientIds });
const EXCHANGE = "00000002-0000-0ff1-ce00-000000000000";
const PORTAL = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c";
const SERVICE_MANAGEMENT = "797f4846-ba00-4fd7-ba43-dac1f8f63013";

describe("targetCondition for applications", () => {
  it("takes client ids, All and nothing for None", () => {
    expect(answer({ includeApplications: ["superset"] }, apps("superset"))).toBe(true);
    expect(answer({ includeApplications: ["superset"] }, apps("airflow"))).toBe(false);
    expect(answer({ includeApplications: ["All"] }, apps("anything"))).toBe(true);
    expect(answer({ includeApplications: ["None"] }, apps("superset"))).toBe(false);
    expect(condition({ includeApplications: ["None"] })?.reason).toBe("application");
  });

  it("knows what belongs to the groups of applications", () => {
    expect(answer({ includeApplications: ["Office365"] }, apps(EXCHANGE))).toBe(true);
    expect(answer({ includeApplications: ["Office365"] }, apps(PORTAL))).toBe(false);
    expect(answer({ includeApplications: ["MicrosoftAdminPortals"] }, apps(PORTAL))).toBe(true);
    expect(answer({ includeApplications: ["MicrosoftAdminPortals"] }, apps(EXCHANGE))).toBe(false);
    expect(answer({ includeApplications: [SERVICE_MANAGEMENT] }, apps(PORTAL))).toBe(true);
    expect(answer({ includeApplications: [SERVICE_MANAGEMENT] }, apps(SERVICE_MANAGEMENT))).toBe(true);
    expect(answer({ includeApplications: ["All"], excludeApplications: ["Office365"] }, apps(EXCHANGE))).toBe(false);
  });

  it("does not take a group's name for an application", () => {
    expect(answer({ includeApplications: ["Office365"] }, apps("Office365"))).toBe(false);
  });

  it("asks each application of the sign-in for itself", () => {
    const parts = { includeApplications: ["All"], excludeApplications: ["superset"] };
    expect(answer(parts, apps("superset"))).toBe(false);
    expect(answer(parts, apps("superset", EXCHANGE))).toBe(true);
    expect(answer(parts, apps(EXCHANGE, "superset"))).toBe(true);
    expect(answer({ includeApplications: [EXCHANGE] }, apps("superset", EXCHANGE))).toBe(true);
  });

  it("takes user actions with All alone, and no authentication context", () => {
    const action = { kind: "userAction", action: "urn:user:registersecurityinfo" } as const;
    expect(answer({}, action)).toBe(true);
    expect(answer({ excludeApplications: ["superset"] }, action)).toBe(true);
    expect(answer({ includeApplications: ["superset"] }, action)).toBe(false);
    expect(answer({}, { kind: "authenticationContext", value: "c1" })).toBe(false);
  });

  it("is absent where a policy guards nothing", () => {
    expect(condition(NONE)).toBeUndefined();
  });
});

describe("targetCondition with a filter for applications", () => {
  const rule = 'CustomSecurityAttribute.Data_class -contains "secret"';
  const target = (attributes?: Record<string, Record<string, string[]>>): SignInTarget => ({
    kind: "applications",
    clientIds: ["superset"],
    ...(attributes === undefined ? {} : { attributes }),
  });
  const secret = target({ superset: { "Data.class": ["secret"] } });
  const open = target({ superset: { "Data.class": ["open"] } });

  it("includes what matches, beside the list", () => {
    const applicationFilter = { mode: "include", rule } as const;
    expect(answer({ ...NONE, applicationFilter }, secret)).toBe(true);
    expect(answer({ ...NONE, applicationFilter }, open)).toBe(false);
    expect(answer({ includeApplications: ["superset"], applicationFilter }, open)).toBe(true);
  });

  it("excludes what matches, beside the list", () => {
    const applicationFilter = { mode: "exclude", rule } as const;
    expect(answer({ applicationFilter }, secret)).toBe(false);
    expect(answer({ applicationFilter }, open)).toBe(true);
    expect(answer({ excludeApplications: ["superset"], applicationFilter }, open)).toBe(false);
  });

  it("needs the attributes to be known, and a rule that can be read", () => {
    expect(answer({ applicationFilter: { mode: "exclude", rule } }, target())).toBe("unknown");
    expect(answer({ applicationFilter: { mode: "exclude", rule: "nonsense" } }, open)).toBe("invalid");
  });
});

describe("targetCondition for user actions and authentication contexts", () => {
  it("takes the action", () => {
    const parts = { ...NONE, includeUserActions: ["urn:user:registerdevice"] };
    expect(condition(parts)?.reason).toBe("userActions");
    expect(answer(parts, { kind: "userAction", action: "urn:user:registerdevice" })).toBe(true);
    expect(answer(parts, { kind: "userAction", action: "urn:user:registersecurityinfo" })).toBe(false);
    expect(answer(parts, apps("superset"))).toBe(false);
  });

  it("takes the context", () => {
    const parts = { ...NONE, includeAuthenticationContextClassReferences: ["c1", "c37"] };
    expect(condition(parts)?.reason).toBe("authenticationContext");
    expect(answer(parts, { kind: "authenticationContext", value: "c37" })).toBe(true);
    expect(answer(parts, { kind: "authenticationContext", value: "c2" })).toBe(false);
    expect(answer(parts, apps("c37"))).toBe(false);
  });
});
