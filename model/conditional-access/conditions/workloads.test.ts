import { describe, expect, it } from "vitest";
import { sampleSignIn } from "../../testing/conditional-access.ts";
import { workloadCondition } from "./workloads.ts";

function answer(include: string[], exclude: string[], id: string, ownedByTenant = true) {
  const test = workloadCondition({ includeServicePrincipals: include, excludeServicePrincipals: exclude });
  return test(sampleSignIn({}, { kind: "workload", id, ownedByTenant }));
}

describe("workloadCondition", () => {
  it("takes service principals by id or all of the tenant", () => {
    expect(answer(["loader"], [], "loader")).toBe(true);
    expect(answer(["loader"], [], "other")).toBe(false);
    expect(answer(["ServicePrincipalsInMyTenant"], [], "other")).toBe(true);
    expect(answer(["None"], [], "other")).toBe(false);
  });

  it("lets excluding win", () => {
    expect(answer(["ServicePrincipalsInMyTenant", "loader"], ["loader"], "loader")).toBe(false);
  });

  it("reaches neither other tenants' applications nor people", () => {
    expect(answer(["ServicePrincipalsInMyTenant", "loader"], [], "loader", false)).toBe(false);
    const test = workloadCondition({ includeServicePrincipals: ["ana"], excludeServicePrincipals: [] });
    expect(test(sampleSignIn())).toBe(false);
  });
});
