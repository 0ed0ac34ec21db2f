import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { evaluate } from "./evaluate.ts";
import type { Demands, Evaluation, PolicyResult, SessionDemands } from "./evaluation.ts";
import { buildLocation, buildPolicy } from "./testing/build-policy.ts";
import { buildProofs, buildSignIn } from "./testing/build-sign-in.ts";
import {
  type CaseFile,
  caseFileShape,
  type EvaluatorCase,
  type ExpectedResult,
  type SessionCase,
} from "./testing/case-shape.ts";
import { decide } from "./verdict.ts";

/** Cases that Microsoft's documents decide: see the sources at the head of each file in `cases/`. */
const folder = join(import.meta.dirname, "cases");
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => ({ name, file: caseFileShape.parse(parse(readFileSync(join(folder, name), "utf8"))) }));
const all = files.flatMap(({ file }) => file.cases);

describe("the evaluator's cases", () => {
  it("are at least 320, each with a name of its own", () => {
    expect(all.length).toBeGreaterThanOrEqual(320);
    const names = all.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it("name a source of their file each, and every source is used", () => {
    for (const { name, file } of files) {
      const used = new Set(file.cases.flatMap(({ source }) => source ?? []));
      expect([...used].sort(), name).toEqual(Object.keys(file.sources).sort());
    }
  });

  it("say of few rules only that no document confirms them", () => {
    expect(all.filter(({ unconfirmed }) => unconfirmed !== undefined).length).toBeLessThanOrEqual(all.length / 50);
  });
});

describe.each(files)("$name", ({ file }) => {
  it.each(file.cases)("$name", (found) => checkCase(found, file));
});

function checkCase(found: EvaluatorCase, file: CaseFile): void {
  const policies = (found.policies ?? [found.policy ?? {}]).map((policy) => buildPolicy(policy, file.strengths));
  const locations = Object.entries(file.locations ?? {}).map(([id, location]) => buildLocation(id, location));
  const facts = buildSignIn(found.signIn ?? {});
  const evaluation = evaluate(policies, locations, facts);
  expect(evaluation.results.map(({ policy }) => policy.id)).toEqual(policies.map(({ id }) => id));

  const expected = typeof found.expect === "string" ? { results: { "the policy": found.expect } } : found.expect;
  for (const [name, wanted] of Object.entries(expected.results ?? {})) expectResult(evaluation, name, wanted);
  expectDemands(evaluation.enforced, expected);
  if (expected.reportOnly !== undefined) expectDemands(evaluation.reportOnly, expected.reportOnly);

  const verdict = decide(evaluation, buildProofs(found.proofs ?? {}), facts.conditions.device);
  if (expected.outcome !== undefined) expect(verdict.outcome).toBe(expected.outcome);
  if (expected.demands !== undefined)
    expect([...new Set(verdict.demands)].sort()).toEqual([...expected.demands].sort());
  if (expected.code !== undefined) expect(verdict.code).toBe(expected.code);
  if (expected.outcome === "allow") expect(verdict.code).toBeUndefined();
}

function expectResult(evaluation: Evaluation, name: string, wanted: ExpectedResult): void {
  const result = evaluation.results.find(({ policy }) => policy.id === name) as PolicyResult;
  expect(result, `a policy named ${name}`).toBeDefined();
  expect(result.applies, `${name} applies (reason ${result.reason})`).toBe(wanted === "applies");
  if (wanted === "not") expect(result.reason).not.toBe("notSet");
  else expect(result.reason).toBe(wanted === "applies" ? "notSet" : wanted);
}

interface ExpectedDemands {
  readonly blockedBy?: readonly string[] | undefined;
  readonly grants?: readonly string[] | undefined;
  readonly session?: SessionCase | undefined;
}

function expectDemands(demands: Demands, { blockedBy, grants, session }: ExpectedDemands): void {
  if (blockedBy !== undefined) expect(demands.blockedBy.map(({ id }) => id).sort()).toEqual([...blockedBy].sort());
  if (grants !== undefined) expect(demands.grants.map(({ policy }) => policy.id).sort()).toEqual([...grants].sort());
  if (session !== undefined) expect(summary(demands.session)).toEqual(inHours(session));
}

/** The session's demands in the words of the cases; frequencies in hours, so that a day is 24. */
function summary(session: SessionDemands): SessionCase {
  const { signInFrequency: frequency } = session;
  return inHours({
    ...(frequency === undefined
      ? {}
      : {
          frequency:
            frequency.frequencyInterval === "everyTime" ? "every" : `${frequency.value}${frequency.type?.charAt(0)}`,
        }),
    ...(session.persistentBrowser === undefined ? {} : { persistentBrowser: session.persistentBrowser }),
    ...(session.cloudAppSecurity === undefined ? {} : { cloudAppSecurity: session.cloudAppSecurity }),
    ...(session.applicationEnforcedRestrictions === true ? { restrictions: true } : {}),
    ...(session.disableResilienceDefaults === true ? { resilienceOff: true } : {}),
  });
}

function inHours(session: SessionCase): SessionCase {
  const days = /^(\d+)d$/.exec(session.frequency ?? "");
  return days === null ? session : { ...session, frequency: `${Number(days[1]) * 24}h` };
}
