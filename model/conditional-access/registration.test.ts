import { describe, expect, it } from "vitest";
import { type PolicyParts, samplePolicy, sampleSignIn } from "../testing/conditional-access.ts";
import { evaluate } from "./evaluate.ts";

const strength = (id: string) => ({ id, displayName: id, allowedCombinations: ["fido2"] });
const registering: PolicyParts = {
  id: "registering",
  applications: { includeApplications: [], includeUserActions: ["urn:user:registersecurityinfo"] },
  grant: { authenticationStrength: strength("bootstrap") },
};

/** Per policy, the controls that it asks for. */
function grants(parts: readonly PolicyParts[], action = "urn:user:registersecurityinfo") {
  const facts = sampleSignIn({}, undefined, { kind: "userAction", action });
  const { enforced } = evaluate(parts.map(samplePolicy), [], facts);
  return enforced.grants.map(({ policy, controls }) => [policy.id, ...controls.map(({ kind }) => kind)]);
}

describe("whileRegistering", () => {
  const everything = (operator: "AND" | "OR", ...builtInControls: ("mfa" | "compliantDevice")[]): PolicyParts => ({
    id: "everything",
    grant: { operator, builtInControls, authenticationStrength: strength("sign-in") },
  });

  it("puts the action's strength in the place of that of all applications", () => {
    expect(grants([everything("OR"), registering])).toEqual([["registering", "strength"]]);
  });

  it("keeps other controls, and alternatives", () => {
    expect(grants([everything("AND", "compliantDevice"), registering])).toEqual([
      ["everything", "compliantDevice"],
      ["registering", "strength"],
    ]);
    expect(grants([everything("OR", "compliantDevice"), registering])).toEqual([
      ["everything", "strength", "compliantDevice"],
      ["registering", "strength"],
    ]);
  });

  it("keeps every strength where the action has none, where two are about it, and for other actions", () => {
    expect(grants([everything("OR")])).toEqual([["everything", "strength"]]);
    expect(grants([everything("OR"), { ...registering, grant: { builtInControls: ["mfa"] } }])).toHaveLength(2);
    expect(grants([registering, { ...registering, id: "second" }])).toHaveLength(2);
    const device = { ...registering.applications, includeUserActions: ["urn:user:registerdevice"] };
    const both = [everything("OR"), { ...registering, applications: device }];
    expect(grants(both, "urn:user:registerdevice")).toHaveLength(2);
  });
});
