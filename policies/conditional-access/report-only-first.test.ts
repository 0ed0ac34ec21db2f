import { expect, it } from "vitest";
import { application, block, idOf, ids, type PolicyWords, policy, tool } from "../testing/conditional-access.ts";
import { stackMessages } from "../testing/harness.ts";
import { caReportOnlyFirst } from "./ca-report-only-first.ts";

const databricks = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";
const deployed = { known: true, policies: {}, usedApplications: [ids.client], newApplications: [databricks] };
const run = (words: PolicyWords, config: object = deployed, stack = tool) =>
  stackMessages(caReportOnlyFirst, [...stack, policy(words)], config);

it("lets a policy start in report-only, and go on from there", () => {
  expect(run({ state: "enabledForReportingButNotEnforced" })).toEqual([]);
  expect(run({ state: "disabled" })).toEqual([]);
  expect(run({}, { ...deployed, policies: { mfa: "report-only" } })).toEqual([]);
  expect(run({}, { ...deployed, policies: { mfa: "enforced" } })).toEqual([]);
});

it("lets policies of a fresh stack start enabled: nobody uses its tools yet", () => {
  const fresh = { ...deployed, usedApplications: [] };
  expect(run({}, fresh)).toEqual([]);
  expect(run({ applications: { includedApplications: [ids.client, databricks] } }, fresh)).toEqual([]);
  const late = [application("superset", { clientId: undefined })];
  const refs = { "conditions.applications.includedApplications.0": "superset" };
  expect(run({ refs }, fresh, late)).toEqual([]);
});

it("leaves policies alone that only set sessions, and everything while nobody says what is deployed", () => {
  expect(run({ grantControls: undefined, sessionControls: { signInFrequency: 1 } })).toEqual([]);
  expect(run({}, { ...deployed, known: false })).toEqual([]);
});

it.each<[string, PolicyWords, object]>([
  ["superset", {}, {}],
  ["superset", { grantControls: block }, { policies: { mfa: "off", other: "report-only" } }],
  [databricks, { applications: { includedApplications: [databricks] } }, { newApplications: [] }],
  ["All", { applications: { includedApplications: ["All"] } }, { usedApplications: [] }],
  [idOf(50), { applications: { includedApplications: [idOf(50)] } }, { usedApplications: [] }],
  ["urn:user:registersecurityinfo", { applications: { includedUserActions: ["urn:user:registersecurityinfo"] } }, {}],
])("refuses a policy that starts enabled for %s, which people use", (name, words, config) => {
  expect(run(words, { ...deployed, ...config })).toEqual([
    expect.stringContaining(`state is "enabled" at once, for "${name}", which people use`),
  ]);
});
