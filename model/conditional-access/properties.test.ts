import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LOCATIONS, policiesArbitrary, policyArbitrary } from "../testing/arbitrary-policies.ts";
import { proofsArbitrary, signInArbitrary } from "../testing/arbitrary-sign-ins.ts";
import { evaluate, preparePolicies } from "./evaluate.ts";
import type { Demands, Evaluation, Outcome, PolicyResult, Proofs, SessionDemands, Verdict } from "./evaluation.ts";
import type { ConditionalAccessPolicy, PolicyState } from "./policy.ts";
import { frequencyHours } from "./session.ts";
import type { PersonIdentity, SignInFacts } from "./sign-in.ts";
import { decide } from "./verdict.ts";

const RUNS = { numRuns: 1000 };
const STRENGTH: Readonly<Record<Outcome, number>> = { allow: 0, challenge: 1, block: 2 };

const added = policyArbitrary("added");

function judged(policies: readonly ConditionalAccessPolicy[], facts: SignInFacts, proofs: Proofs) {
  const evaluation = evaluate(policies, LOCATIONS, facts);
  return { evaluation, verdict: decide(evaluation, proofs, facts.conditions.device) };
}

/** Every demand and every block, by policy. */
function asked({ blockedBy, grants }: Demands): string[] {
  const demands = grants.map(({ policy, operator, controls }) => JSON.stringify([policy.id, operator, controls]));
  return [...blockedBy.map(({ id }) => `block ${id}`), ...demands].sort();
}

function hours({ signInFrequency }: SessionDemands): number {
  return signInFrequency === undefined ? Number.POSITIVE_INFINITY : frequencyHours(signInFrequency);
}

function byId({ results }: Evaluation): Map<string, Omit<PolicyResult, "policy">> {
  return new Map(results.map(({ policy, applies, reason }) => [policy.id, { applies, reason }]));
}

function expectNotWeaker(stronger: Verdict, weaker: Verdict): void {
  expect(STRENGTH[stronger.outcome]).toBeGreaterThanOrEqual(STRENGTH[weaker.outcome]);
}

const samples = fc.sample(fc.tuple(policiesArbitrary, signInArbitrary, proofsArbitrary), { numRuns: 1000, seed: 1 });

/** How much of what the properties are tried with is so: a property that is true of nothing shows nothing. */
function share(holds: (policies: ConditionalAccessPolicy[], facts: SignInFacts, proofs: Proofs) => boolean): number {
  return samples.filter(([policies, facts, proofs]) => holds(policies, facts, proofs)).length / samples.length;
}

describe("what the properties are tried with", () => {
  it.each<[Outcome, number]>([
    ["allow", 0.2],
    ["challenge", 0.03],
    ["block", 0.1],
  ])("comes to %s often enough", (outcome, least) => {
    expect(
      share((policies, facts, proofs) => judged(policies, facts, proofs).verdict.outcome === outcome),
    ).toBeGreaterThan(least);
  });

  it("has several policies apply, lacks information, and meets unreadable conditions", () => {
    const reasons = (policies: ConditionalAccessPolicy[], facts: SignInFacts) =>
      evaluate(policies, LOCATIONS, facts).results.map(({ reason }) => reason);
    expect(
      share((...one) => reasons(one[0], one[1]).filter((reason) => reason === "notSet").length > 1),
    ).toBeGreaterThan(0.1);
    expect(share((...one) => reasons(one[0], one[1]).includes("notEnoughInformation"))).toBeGreaterThan(0.02);
    expect(share((...one) => reasons(one[0], one[1]).includes("invalidCondition"))).toBeGreaterThan(0.005);
  });
});

/** The documented exception: while registering, the strengths of policies about that action replace others (registration.ts). */
const replacesStrengths = ({ target }: SignInFacts) => target.kind === "userAction";

describe("excluding a person", () => {
  const ways = ["excludeUsers", "excludeGroups", "excludeRoles"] as const;

  it("never adds a demand or a block, and touches no other policy", () => {
    const whom = fc.tuple(policiesArbitrary, added, signInArbitrary, proofsArbitrary, fc.constantFrom(...ways));
    fc.assert(
      fc.property(whom, ([others, policy, facts, proofs, way]) => {
        fc.pre(facts.identity.kind === "person" && !replacesStrengths(facts));
        if (facts.identity.kind !== "person") return;
        const before = judged([policy, ...others], facts, proofs);
        const after = judged([excluding(policy, facts.identity, way), ...others], facts, proofs);
        for (const part of ["enforced", "reportOnly"] as const) {
          expect(asked(before.evaluation[part])).toEqual(expect.arrayContaining(asked(after.evaluation[part])));
        }
        expectNotWeaker(before.verdict, after.verdict);
        expect(after.evaluation.results.slice(1)).toEqual(before.evaluation.results.slice(1));
        expect(isExcluded(facts.identity, way) && after.evaluation.results[0]?.applies).toBe(false);
      }),
      RUNS,
    );
  });

  function excluding(
    policy: ConditionalAccessPolicy,
    { id, groups, roles }: PersonIdentity,
    way: (typeof ways)[number],
  ): ConditionalAccessPolicy {
    const { users } = policy.conditions;
    if (users === null) return policy;
    const ids = { excludeUsers: [id], excludeGroups: [...groups], excludeRoles: [...roles] }[way];
    return { ...policy, conditions: { ...policy.conditions, users: { ...users, [way]: [...users[way], ...ids] } } };
  }

  function isExcluded({ groups, roles }: PersonIdentity, way: (typeof ways)[number]): boolean {
    return way === "excludeUsers" || (way === "excludeGroups" ? groups : roles).size > 0;
  }
});

describe("adding an enabled policy", () => {
  it("never removes a demand or a block, never loosens a session, and touches no other policy", () => {
    fc.assert(
      fc.property(policiesArbitrary, added, signInArbitrary, proofsArbitrary, (policies, policy, facts, proofs) => {
        fc.pre(!replacesStrengths(facts));
        const before = judged(policies, facts, proofs);
        const after = judged([...policies, { ...policy, state: "enabled" }], facts, proofs);
        expect(asked(after.evaluation.enforced)).toEqual(expect.arrayContaining(asked(before.evaluation.enforced)));
        expectNotWeaker(after.verdict, before.verdict);
        expect(hours(after.verdict.session)).toBeLessThanOrEqual(hours(before.verdict.session));
        expect(Object.keys(after.verdict.session)).toEqual(expect.arrayContaining(Object.keys(before.verdict.session)));
        expect(after.evaluation.reportOnly).toEqual(before.evaluation.reportOnly);
        expect(after.evaluation.results.slice(0, -1)).toEqual(before.evaluation.results);
      }),
      RUNS,
    );
  });

  it("asks for the union, and comes to the stricter of both outcomes", () => {
    fc.assert(
      fc.property(
        policyArbitrary("one"),
        policyArbitrary("two"),
        signInArbitrary,
        proofsArbitrary,
        (one, two, facts, proofs) => {
          fc.pre(!replacesStrengths(facts));
          const [left, right, both] = [[one], [two], [one, two]].map((policies) => judged(policies, facts, proofs));
          if (left === undefined || right === undefined || both === undefined) throw new Error("Three were judged.");
          for (const part of ["enforced", "reportOnly"] as const) {
            const union = [...asked(left.evaluation[part]), ...asked(right.evaluation[part])].sort();
            expect(asked(both.evaluation[part])).toEqual(union);
          }
          const strictest = Math.max(STRENGTH[left.verdict.outcome], STRENGTH[right.verdict.outcome]);
          expect(STRENGTH[both.verdict.outcome]).toBe(strictest);
        },
      ),
      RUNS,
    );
  });
});

describe("the order of policies", () => {
  it("never matters", () => {
    const shuffled = policiesArbitrary.chain((policies) =>
      fc.tuple(fc.constant(policies), fc.shuffledSubarray(policies, { minLength: policies.length })),
    );
    fc.assert(
      fc.property(shuffled, signInArbitrary, proofsArbitrary, ([policies, others], facts, proofs) => {
        const [one, other] = [judged(policies, facts, proofs), judged(others, facts, proofs)];
        expect(other.verdict).toEqual(one.verdict);
        expect(other.evaluation.enforced).toEqual(one.evaluation.enforced);
        expect(other.evaluation.reportOnly).toEqual(one.evaluation.reportOnly);
        expect(byId(other.evaluation)).toEqual(byId(one.evaluation));
      }),
      RUNS,
    );
  });
});

describe("policies that are not enabled", () => {
  const withState = (policy: ConditionalAccessPolicy, state: PolicyState) => ({ ...policy, state });

  it("never change the verdict where they only report", () => {
    fc.assert(
      fc.property(policiesArbitrary, added, signInArbitrary, proofsArbitrary, (policies, policy, facts, proofs) => {
        const before = judged(policies, facts, proofs);
        const after = judged([withState(policy, "enabledForReportingButNotEnforced"), ...policies], facts, proofs);
        expect(after.verdict).toEqual(before.verdict);
        expect(after.evaluation.enforced).toEqual(before.evaluation.enforced);
        const [result] = judged([withState(policy, "enabled")], facts, proofs).evaluation.results;
        expect(after.evaluation.results[0]?.reason).toBe(result?.reason);
      }),
      RUNS,
    );
  });

  it("never change anything where they are disabled", () => {
    fc.assert(
      fc.property(policiesArbitrary, added, signInArbitrary, proofsArbitrary, (policies, policy, facts, proofs) => {
        const before = judged(policies, facts, proofs);
        const after = judged([...policies, withState(policy, "disabled")], facts, proofs);
        expect(after.verdict).toEqual(before.verdict);
        expect(after.evaluation.enforced).toEqual(before.evaluation.enforced);
        expect(after.evaluation.reportOnly).toEqual(before.evaluation.reportOnly);
        expect(after.evaluation.results.at(-1)).toMatchObject({ applies: false, reason: "policyNotEnabled" });
      }),
      RUNS,
    );
  });
});

describe("the evaluation itself", () => {
  it("says of a policy that does not apply why, and of one that does nothing else", () => {
    fc.assert(
      fc.property(policiesArbitrary, signInArbitrary, (policies, facts) => {
        const { results } = evaluate(policies, LOCATIONS, facts);
        expect(results.map(({ policy }) => policy)).toEqual(policies);
        for (const { applies, reason } of results) expect(applies).toBe(reason === "notSet");
      }),
      RUNS,
    );
  });

  it("never lets a policy apply for knowing less", () => {
    const unknown = fc.constantFrom(
      ...(["ipAddress", "country", "devicePlatform", "clientAppType", "signInRiskLevel", "device"] as const),
    );
    fc.assert(
      fc.property(policiesArbitrary, signInArbitrary, unknown, (policies, facts, name) => {
        const { [name]: _, ...rest } = facts.conditions;
        const before = byId(evaluate(policies, LOCATIONS, facts));
        for (const [id, { applies }] of byId(evaluate(policies, LOCATIONS, { ...facts, conditions: rest }))) {
          if (applies) expect(before.get(id)?.applies).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it("hangs on nothing that an evaluator saw before", () => {
    fc.assert(
      fc.property(policiesArbitrary, fc.array(signInArbitrary, { minLength: 1, maxLength: 5 }), (policies, signIns) => {
        const evaluator = preparePolicies(policies, LOCATIONS);
        for (const facts of signIns) expect(evaluator.evaluate(facts)).toEqual(evaluate(policies, LOCATIONS, facts));
      }),
      { numRuns: 300 },
    );
  });
});

describe("the verdict", () => {
  it("has a code and reasons exactly where it does not allow", () => {
    fc.assert(
      fc.property(policiesArbitrary, signInArbitrary, proofsArbitrary, (policies, facts, proofs) => {
        const { verdict } = judged(policies, facts, proofs);
        expect(verdict.code === undefined).toBe(verdict.outcome === "allow");
        expect(verdict.because.length === 0).toBe(verdict.outcome === "allow");
        expect(verdict.demands.length > 0).toBe(verdict.outcome !== "allow" && !isBlockedByPolicy(policies, facts));
      }),
      RUNS,
    );
  });

  it("never gets stricter for showing more", () => {
    const more: Partial<Proofs> = {
      passwordChanged: true,
      approvedApplication: true,
      acceptedTerms: ["terms", "rules"],
    };
    fc.assert(
      fc.property(policiesArbitrary, signInArbitrary, proofsArbitrary, (policies, facts, proofs) => {
        expectNotWeaker(
          judged(policies, facts, proofs).verdict,
          judged(policies, facts, { ...proofs, ...more }).verdict,
        );
      }),
      RUNS,
    );
  });

  function isBlockedByPolicy(policies: readonly ConditionalAccessPolicy[], facts: SignInFacts): boolean {
    return evaluate(policies, LOCATIONS, facts).enforced.blockedBy.length > 0;
  }
});
