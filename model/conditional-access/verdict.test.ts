import { describe, expect, it } from "vitest";
import {
  type PolicyParts,
  samplePersonIdentity,
  samplePolicy,
  sampleSession,
  sampleSignIn,
} from "../testing/conditional-access.ts";
import { evaluate } from "./evaluate.ts";
import type { Proofs, Verdict } from "./evaluation.ts";
import { METHOD_NAMES, METHODS, type MethodName } from "./methods.ts";
import type { BuiltInControl } from "./policy.ts";
import type { DeviceFacts, SignInFacts } from "./sign-in.ts";
import { decide, offeredMethods } from "./verdict.ts";

const compliant: DeviceFacts = { isCompliant: true, trustType: "AzureAD" };
const hybrid: DeviceFacts = { isCompliant: false, trustType: "ServerAD" };

const strength = (displayName: string, ...methods: MethodName[]) => ({
  id: displayName,
  displayName,
  allowedCombinations: methods.map((name) => METHODS[name]),
});
const keys = strength("Phishing-resistant MFA", "fido2", "windows-hello", "certificate");
const any = (...builtInControls: BuiltInControl[]): PolicyParts => ({ grant: { builtInControls } });
const all = (...builtInControls: BuiltInControl[]): PolicyParts => ({ grant: { operator: "AND", builtInControls } });

function evaluated(parts: readonly PolicyParts[], facts: SignInFacts = sampleSignIn()) {
  const policies = parts.map((one, index) => samplePolicy({ id: `${index}`, displayName: `Policy ${index}`, ...one }));
  return evaluate(policies, [], facts);
}

function verdict(
  parts: readonly PolicyParts[],
  proofs: Partial<Proofs> = {},
  device: DeviceFacts | null = null,
  facts?: SignInFacts,
): Verdict {
  return decide(evaluated(parts, facts), { registered: ["authenticator"], method: "none", ...proofs }, device);
}

describe("decide", () => {
  it("allows where nothing is asked for", () => {
    expect(verdict([])).toEqual({ outcome: "allow", demands: [], session: {}, because: [] });
  });

  it("blocks where one policy does, whatever else is met", () => {
    const parts = [any("mfa"), { displayName: "No way", ...any("block") }, { displayName: "At all", ...any("block") }];
    expect(verdict(parts, { method: "fido2" }, compliant)).toEqual({
      outcome: "block",
      demands: [],
      session: {},
      code: 53003,
      because: ["At all", "No way"],
    });
  });

  it("gives report-only policies no say, and keeps the session", () => {
    const report = { state: "enabledForReportingButNotEnforced", ...any("block") } as const;
    const session = { grant: null, sessionControls: sampleSession({ disableResilienceDefaults: true }) };
    expect(verdict([report, session])).toMatchObject({
      outcome: "allow",
      session: { disableResilienceDefaults: true },
    });
  });

  it("asks for a registered method with 50076, for registration with 50079", () => {
    expect(verdict([any("mfa")])).toMatchObject({ outcome: "challenge", demands: ["mfa"], code: 50076 });
    expect(verdict([any("mfa")], { registered: [] })).toMatchObject({ outcome: "challenge", code: 50079 });
  });

  it.each(METHOD_NAMES)("takes %s as multifactor authentication", (method) => {
    expect(verdict([any("mfa")], { method }).outcome).toBe("allow");
  });

  it.each<[BuiltInControl, number]>([
    ["compliantDevice", 53000],
    ["domainJoinedDevice", 53001],
    ["approvedApplication", 53002],
    ["compliantApplication", 53009],
  ])("blocks for want of %s with %i", (control, code) => {
    const found = verdict([any(control)], { method: "fido2" }, { isCompliant: false, trustType: "Workplace" });
    expect(found).toMatchObject({ outcome: "block", demands: [control], code, because: ["Policy 0"] });
  });

  it("takes what is shown", () => {
    expect(verdict([any("compliantDevice")], {}, compliant).outcome).toBe("allow");
    expect(verdict([any("domainJoinedDevice")], {}, hybrid).outcome).toBe("allow");
    expect(verdict([any("domainJoinedDevice")], {}, compliant).outcome).toBe("block");
    expect(verdict([any("approvedApplication")], { approvedApplication: true }).outcome).toBe("allow");
    expect(verdict([any("compliantApplication")], { protectedApplication: true }).outcome).toBe("allow");
    expect(verdict([any("passwordChange")], { passwordChanged: true }).outcome).toBe("allow");
    expect(verdict([{ grant: { termsOfUse: ["terms"] } }], { acceptedTerms: ["terms"] }).outcome).toBe("allow");
  });

  it("lets people change a password once they have a method, and accept terms", () => {
    expect(verdict([any("passwordChange")])).toMatchObject({ outcome: "challenge", code: 50142 });
    expect(verdict([any("passwordChange")], { registered: [] })).toMatchObject({ outcome: "block", code: 50142 });
    const terms = { grant: { termsOfUse: ["terms"] } };
    expect(verdict([terms], { acceptedTerms: ["old"] })).toMatchObject({
      outcome: "challenge",
      demands: ["termsOfUse terms"],
      code: 50158,
    });
    const custom = { grant: { customAuthenticationFactors: ["duo"] } };
    expect(verdict([custom])).toMatchObject({ outcome: "challenge", demands: ["custom duo"], code: 50158 });
  });
});

describe("decide with a strength", () => {
  const admins = { grant: { authenticationStrength: keys } };

  it("takes the methods that it allows", () => {
    expect(verdict([admins], { method: "fido2" }).outcome).toBe("allow");
    expect(verdict([admins], { method: "authenticator", registered: ["fido2"] })).toMatchObject({
      outcome: "challenge",
      demands: ['strength "Phishing-resistant MFA"'],
      code: 50076,
    });
  });

  it("blocks people who have no method that it allows and could not register one in the sign-in", () => {
    expect(verdict([admins])).toMatchObject({ outcome: "block", code: 53003, because: ["Policy 0"] });
    expect(verdict([admins], { registered: [] })).toMatchObject({ outcome: "block", code: 53003 });
    const phone = {
      grant: { authenticationStrength: strength("Passwordless", "phone-sign-in", "temporary-access-pass") },
    };
    expect(verdict([phone])).toMatchObject({ outcome: "block", code: 53003 });
  });

  it.each<MethodName>(["authenticator", "oath", "sms", "voice"])("lets people register %s in the sign-in", (name) => {
    const own = { grant: { authenticationStrength: strength("Own", "fido2", name) } };
    expect(verdict([own], { registered: [] })).toMatchObject({ outcome: "challenge", code: 50079 });
    expect(verdict([own], { registered: ["temporary-access-pass"] })).toMatchObject({ code: 50079 });
  });

  it("takes the password where a strength allows it alone", () => {
    const own = { grant: { authenticationStrength: { ...keys, allowedCombinations: ["password"] } } };
    expect(verdict([own]).outcome).toBe("allow");
    expect(verdict([own], { method: "sms" }).outcome).toBe("allow");
    expect(verdict([own], { method: "fido2" }).outcome).not.toBe("allow");
  });
});

describe("decide with several controls", () => {
  it("needs one of OR, and names all of them otherwise", () => {
    const managed = any("domainJoinedDevice", "compliantDevice");
    expect(verdict([managed], {}, hybrid).outcome).toBe("allow");
    expect(verdict([managed])).toMatchObject({
      outcome: "block",
      demands: ["compliantDevice or domainJoinedDevice"],
      code: 53000,
    });
    expect(verdict([any("compliantDevice", "mfa")])).toMatchObject({
      outcome: "challenge",
      demands: ["mfa or compliantDevice"],
      code: 50076,
    });
    expect(verdict([any("compliantDevice", "approvedApplication", "passwordChange")])).toMatchObject({ code: 50142 });
  });

  it("needs all of AND, and names what is missing", () => {
    const both = all("compliantDevice", "mfa");
    expect(verdict([both], { method: "sms" }, compliant).outcome).toBe("allow");
    expect(verdict([both], {}, compliant)).toMatchObject({ outcome: "challenge", demands: ["mfa"], code: 50076 });
    expect(verdict([both], { method: "sms" })).toMatchObject({
      outcome: "block",
      demands: ["compliantDevice"],
      code: 53000,
    });
    expect(verdict([both])).toMatchObject({ outcome: "block", demands: ["mfa and compliantDevice"], code: 53000 });
  });

  it("needs every policy's grant, also where each is an OR", () => {
    const parts = [any("mfa", "compliantDevice"), any("compliantDevice", "domainJoinedDevice")];
    expect(verdict(parts, {}, compliant).outcome).toBe("allow");
    expect(verdict(parts, {}, hybrid)).toMatchObject({ outcome: "challenge", demands: ["mfa or compliantDevice"] });
    expect(verdict(parts, { method: "sms" })).toMatchObject({ outcome: "block", because: ["Policy 1"] });
  });

  it("asks in the order of prompts, and says each demand once", () => {
    const parts = [{ grant: { termsOfUse: ["terms"] } }, any("passwordChange"), any("mfa"), any("mfa")];
    expect(verdict(parts)).toMatchObject({
      outcome: "challenge",
      demands: ["mfa", "passwordChange", "termsOfUse terms"],
      code: 50076,
      because: ["Policy 0", "Policy 1", "Policy 2", "Policy 3"],
    });
    expect(verdict(parts.slice(0, 2)).code).toBe(50142);
  });

  it("asks for a method before it registers another", () => {
    const own = { grant: { authenticationStrength: strength("Codes", "oath") } };
    expect(verdict([own, any("mfa")])).toMatchObject({ outcome: "challenge", code: 50076 });
  });
});

describe("decide where nobody can be asked", () => {
  it("blocks legacy clients, which show neither a method nor a device", () => {
    for (const clientAppType of ["exchangeActiveSync", "easSupported", "other"] as const) {
      const legacy = sampleSignIn({ clientAppType });
      expect(verdict([any("mfa")], {}, null, legacy)).toMatchObject({ outcome: "block", code: 50076 });
      expect(verdict([any("compliantDevice")], {}, compliant, legacy)).toMatchObject({ outcome: "block", code: 53000 });
      expect(verdict([{ grant: { termsOfUse: ["terms"] } }], {}, null, legacy).outcome).toBe("block");
    }
  });

  it("blocks direct connect users who bring no method from home", () => {
    const facts = sampleSignIn({}, samplePersonIdentity({ guest: "b2bDirectConnectUser" }));
    expect(verdict([any("mfa")], {}, null, facts)).toMatchObject({ outcome: "block", code: 50076 });
    expect(verdict([any("mfa")], { method: "authenticator" }, null, facts).outcome).toBe("allow");
    expect(verdict([any("compliantDevice")], {}, compliant, facts).outcome).toBe("allow");
  });

  it("knows no device in the device-code flow", () => {
    const flow = sampleSignIn({ authenticationFlow: "deviceCodeFlow" });
    expect(verdict([any("compliantDevice")], {}, compliant, flow)).toMatchObject({ outcome: "block", code: 53000 });
    expect(verdict([any("mfa")], {}, compliant, flow).outcome).toBe("challenge");
  });

  it("blocks an application that signs in as itself by policies that block", () => {
    const facts = sampleSignIn({}, { kind: "workload", id: "loader", ownedByTenant: true });
    const about = {
      users: { includeUsers: ["None"] },
      conditions: { clientApplications: { includeServicePrincipals: ["loader"], excludeServicePrincipals: [] } },
    };
    expect(verdict([{ ...about, ...any("block") }], {}, null, facts)).toMatchObject({ outcome: "block", code: 53003 });
    expect(verdict([{ ...about, ...any("mfa") }], {}, null, facts)).toMatchObject({ outcome: "block" });
    expect(verdict([any("block")], {}, null, facts).outcome).toBe("allow");
  });
});

describe("offeredMethods", () => {
  const registered: MethodName[] = ["sms", "authenticator", "fido2"];
  const admins = { grant: { authenticationStrength: keys } };

  it("offers what is registered, strongest first", () => {
    expect(offeredMethods(evaluated([any("mfa")]), registered)).toEqual(["fido2", "authenticator", "sms"]);
    expect(offeredMethods(evaluated([any("mfa")]), [])).toEqual([]);
  });

  it("offers only what satisfies every demand at once", () => {
    expect(offeredMethods(evaluated([any("mfa"), admins]), registered)).toEqual(["fido2"]);
    expect(offeredMethods(evaluated([any("mfa"), admins]), ["sms"])).toEqual([]);
    const texts = { grant: { authenticationStrength: strength("Texts", "sms") } };
    expect(offeredMethods(evaluated([texts, admins]), registered)).toEqual([]);
  });

  it("asks an alternative for any of its controls, and a combination for all", () => {
    const either = { grant: { operator: "OR", builtInControls: ["mfa"], authenticationStrength: keys } } as const;
    expect(offeredMethods(evaluated([either]), registered)).toEqual(["fido2", "authenticator", "sms"]);
    const both = { grant: { ...either.grant, operator: "AND" } } as const;
    expect(offeredMethods(evaluated([both]), registered)).toEqual(["fido2"]);
  });

  it("leaves out what the device or other proofs settle", () => {
    const parts = [
      any("mfa"),
      { grant: { builtInControls: ["compliantDevice"], authenticationStrength: keys } } as const,
    ];
    expect(offeredMethods(evaluated(parts), ["sms"])).toEqual([]);
    expect(offeredMethods(evaluated(parts), ["sms"], compliant)).toEqual(["sms"]);
    const terms = { grant: { termsOfUse: ["terms"], authenticationStrength: keys } };
    expect(offeredMethods(evaluated([any("mfa"), terms]), ["sms"], null, { acceptedTerms: ["terms"] })).toEqual([
      "sms",
    ]);
  });

  it("agrees with the verdict: what it offers leaves no method to ask for", () => {
    for (const parts of [[any("mfa")], [any("mfa"), admins], [all("mfa"), any("mfa", "compliantDevice")]]) {
      const [method = "none"] = offeredMethods(evaluated(parts), registered);
      expect(verdict(parts, { registered, method }).outcome).toBe("allow");
    }
  });
});
