import { describe, expect, it } from "vitest";
import { roleId } from "../model/ids.ts";
import { type PolicyConfigFile, type PolicyFacts, policyConfig } from "./config.ts";
import { type Example, failingExamples } from "./examples/index.ts";
import { deployment } from "./examples/kubernetes.ts";
import { rules } from "./rules.ts";
import { messages, NotApplicable, type Sample, stackMessages } from "./testing/harness.ts";

const facts: PolicyFacts = {
  environment: "prod",
  domains: ["contoso.com"],
  registries: ["contoso.azurecr.io"],
  admin: { roleIds: [roleId("superset", "Admin")], roleNames: { superset: ["Admin"] } },
};
/** Examples show one mistake each, so nothing in them is protected. */
const unprotected: PolicyConfigFile = { "stateful-protected": { requireProtection: false } };
const withoutConditionalAccess = { ...policyConfig(facts), ...unprotected };
const withConditionalAccess = {
  ...policyConfig({
    ...facts,
    conditionalAccess: {
      parts: { mfa: "report-only", guests: "report-only", admins: "report-only", legacyClients: "report-only" },
      breakGlass: "break-glass",
      adminLevel: "phishing-resistant",
      platformApplications: [],
      platformAdmins: [],
      otherApplications: ["2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"],
      anyOfReasons: {},
      maxHours: 12,
      deployed: { policies: {}, applications: [] },
    },
  }),
  ...unprotected,
};

/** Other rules that an example breaks for certain, as it breaks its own. */
const besides: Readonly<Record<string, readonly string[]>> = { "ca-no-bare-all": ["ca-excludes-break-glass"] };

/** Names of the rules that a list of resources breaks, run as a stack. */
function broken(samples: readonly (Example & Sample)[], config: PolicyConfigFile): readonly string[] {
  return rules
    .filter((rule) => {
      const settings = Object(config[rule.text.name] ?? {});
      if (rule.scope === "stack") return stackMessages(rule, samples, settings).length > 0;
      return samples.some((sample) => {
        try {
          return messages(rule, sample, settings).length > 0;
        } catch (error) {
          if (error instanceof NotApplicable) return false;
          throw error;
        }
      });
    })
    .map((rule) => rule.text.name);
}

describe("the catalogue", () => {
  it("has no name twice: the SDK would not notice", () => {
    const names = rules.map((rule) => rule.text.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain("all");
  });

  it.each(rules.map((rule) => [rule.text.name, rule] as const))("%s is complete", (name, rule) => {
    const { policy, text } = rule;
    expect(name).toMatch(/^[a-z][a-z0-9-]+$/);
    expect(policy.enforcementLevel).toBe("mandatory");
    expect(policy.severity).toBe(text.severity);
    expect(policy.remediationSteps).toMatch(/\.$/);
    expect(policy.url).toMatch(/^https:\/\//);
    expect(text.why.length).toBeGreaterThan(40);
    expect(policy.tags).toHaveLength(text.mappings?.length ?? 0);
    for (const part of Object.values(policy.framework ?? {})) expect(part).toMatch(/\S/);
    for (const schema of Object.values(policy.configSchema?.properties ?? {})) {
      expect(schema).toHaveProperty("default");
      expect(schema.description).toMatch(/\S/);
    }
  });
});

describe("the failing examples", () => {
  it("cover every rule", () => {
    expect(Object.keys(failingExamples).sort()).toEqual(rules.map((rule) => rule.text.name).sort());
  });

  it.each(Object.entries(failingExamples))("%s is broken by its example, and nothing else is", (name, examples) => {
    // The other examples are of an environment without policies, where no tool can be without one.
    const config = name.startsWith("ca-") ? withConditionalAccess : withoutConditionalAccess;
    expect(broken(examples, config).toSorted()).toEqual([name, ...(besides[name] ?? [])].toSorted());
  });

  it("differ from a Deployment that meets every rule", () => {
    expect(broken([deployment()], withConditionalAccess)).toEqual([]);
  });
});
