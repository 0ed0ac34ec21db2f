import * as runtime from "@pulumi/pulumi/runtime/index.js";
import { beforeAll, describe, expect, it } from "vitest";
import { policyFacts } from "../../cli/policy-pack.ts";
import { loadSettings, readConfig, stackFile } from "../../cli/project.ts";
import { type Registered, type Run, runProgram } from "../../components/testing/mocks.ts";
import program from "../../infra/index.ts";
import type { ConditionalAccessFacts } from "../../policies/conditional-access/facts.ts";
import { findings } from "./program-findings.ts";

const policyType = "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy";
const facts = policyFacts(loadSettings(stackFile("sandbox")));
const about = (changes: Partial<ConditionalAccessFacts>) => ({
  ...facts,
  conditionalAccess: { ...(facts.conditionalAccess as ConditionalAccessFacts), ...changes },
});
let run: Run;

/** The run with some of its resources changed, or taken out. */
function changed(name: string, change: (inputs: Registered["inputs"]) => Registered["inputs"] | undefined): Run {
  const resources = run.resources.flatMap((resource) => {
    if (resource.name !== name) return [resource];
    const inputs = change(structuredClone(resource.inputs));
    return inputs === undefined ? [] : [{ ...resource, inputs }];
  });
  return { ...run, resources };
}

/** The rules that a run breaks, and the names of the resources that they name. */
function broken(one: Run, told = facts): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { rule, message } of findings(one, told, true)) {
    const name = /\w+ "([\w-]+)":/.exec(message)?.[1] ?? "";
    found[rule] = [...new Set([...(found[rule] ?? []), name])].sort();
  }
  return found;
}

describe("the sample company's Conditional Access", () => {
  beforeAll(async () => {
    runtime.setAllConfig(readConfig(stackFile("sandbox")));
    run = await runProgram(program);
  }, 60_000);

  const policies = () => run.resources.filter(({ type }) => type === policyType).map(({ name }) => name);

  it("is held to the break-glass group that the component makes", () => {
    expect(policies().length).toBeGreaterThan(8);
    const unguarded = changed("break-glass", (inputs) => ({ ...inputs, assignableToRole: false }));
    expect(broken(unguarded)).toEqual({
      "ca-excludes-break-glass": ["break-glass"],
      "ca-groups-protected": policies().sort(),
    });
    expect(broken(run, about({ breakGlass: "emergency" }))["ca-excludes-break-glass"]).toEqual(policies().sort());
  });

  it.each<[string, string, readonly string[]]>([
    ["baseline-mfa", "ca-mfa-every-tool", []],
    ["baseline-guests", "ca-guests-mfa", []],
    ["baseline-legacy-clients", "ca-block-legacy", []],
    ["baseline-admins", "ca-admins-phishing-resistant", ["bi-admins"]],
  ])("is not whole without %s", (policy, rule, places) => {
    const found = broken(changed(policy, () => undefined));
    expect(Object.keys(found)).toEqual([rule]);
    for (const place of places) expect(found[rule]).toEqual([place]);
    // Each registration, and for Databricks, which has none, some policy.
    if (places.length === 0) expect(found[rule]).toHaveLength(6);
  });

  it("may do without a part that the settings switch off", () => {
    const parts = { mfa: "enforced", guests: "off", admins: "enforced", legacyClients: "enforced" } as const;
    expect(
      broken(
        changed("baseline-guests", () => undefined),
        about({ parts }),
      ),
    ).toEqual({});
  });

  it("starts enforced only where nobody works with the tools yet", () => {
    const used = { policies: {}, applications: ["client-of-superset-sp", "client-of-superset-app"] };
    const fresh = { policies: {}, applications: [] };
    expect(broken(run, about({ deployed: fresh }))).toEqual({});
    const found = broken(run, about({ deployed: used }))["ca-report-only-first"] ?? [];
    expect(found).toContain("baseline-mfa");
    expect(found).not.toContain("baseline-sign-in-frequency");
    const tried = Object.fromEntries(policies().map((name) => [name, "report-only" as const]));
    expect(broken(run, about({ deployed: { ...used, policies: tried } }))).toEqual({});
  });
});
