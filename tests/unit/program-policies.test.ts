import * as runtime from "@pulumi/pulumi/runtime/index.js";
import { describe, expect, it } from "vitest";
import { policyFacts } from "../../cli/policy-pack.ts";
import { loadSettings, readConfig, stackFile } from "../../cli/project.ts";
import { isSecretValue, type Registered, runProgram } from "../../components/testing/mocks.ts";
import program from "../../infra/index.ts";
import { roleId, type Team } from "../../model/index.ts";
import { policyConfig } from "../../policies/config.ts";
import { rules } from "../../policies/rules.ts";
import { messages, NotApplicable, type Sample, stackMessages } from "../../policies/testing/harness.ts";

/** The policy server hands secrets over in the clear and unmarked. */
function unmarked(value: unknown): unknown {
  if (isSecretValue(value)) return unmarked(value.value);
  if (Array.isArray(value)) return value.map(unmarked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unmarked(inner)]));
}

/** A resource with the ids that its provider would add; stack rules see outputs, and find each other's resources by them. */
function made({ type, name, inputs }: Registered, known: boolean): Sample {
  const ids = {
    objectId: `object-of-${name}`,
    clientId: `client-of-${name}`,
    id: `/id/${name}`,
    value: `password-of-${name}`,
  };
  const props = { ...(known ? ids : {}), ...(unmarked(inputs) as object) };
  if (type !== "databricks:index/mwsPermissionAssignment:MwsPermissionAssignment") return { type, name, props };
  // Databricks has an id of its own for a team's group; the engine tells rules which resource it comes from.
  return { type, name, props, refs: { principalId: name.replace(/^databricks-/, "") } };
}

describe.each(["sandbox", "dev", "staging", "prod"])("the program of stack %s", (stack) => {
  it.each([true, false])(
    "breaks no rule of the pack (preview: %s)",
    async (preview) => {
      const file = stackFile(stack);
      runtime.setAllConfig(readConfig(file));
      const { resources } = await runProgram(program, { preview });
      const config = policyConfig(policyFacts(loadSettings(file)));
      const samples = resources.map((resource) => made(resource, !preview));
      const found = rules.flatMap((rule) => {
        const settings = { ...rule.defaults, ...(config[rule.text.name] as object | undefined) };
        // Mocks say nothing of where values come from, so without ids a stack rule would not know what belongs together.
        if (rule.scope === "stack") return preview ? [] : stackMessages(rule, samples, settings);
        return samples.flatMap((sample) => {
          try {
            return messages(rule, sample, settings);
          } catch (error) {
            if (error instanceof NotApplicable) return [];
            throw error;
          }
        });
      });
      expect(resources.length).toBeGreaterThan(50);
      expect(found).toEqual([]);
    },
    60_000,
  );
});

it("tells the rules what the settings say", () => {
  const settings = loadSettings(stackFile("sandbox"));
  const [team = ""] = Object.keys(settings.teams);
  const existing = "3f0c6a3e-5d0a-4b6f-9c1e-2f7a0d8b4c55";
  const facts = policyFacts({
    ...settings,
    teams: { ...settings.teams, [team]: { ...settings.teams[team], privileged: true, existing } as Team },
    sessions: { maximum: "4h", revocation: "30m" },
    cluster: { ...settings.cluster, egress: { addresses: "The cluster runs without Cilium." } },
  });
  expect(facts).toMatchObject({
    environment: "sandbox",
    tenantId: settings.tenantId,
    groups: { privileged: [existing], ordinary: [] },
    sessions: { maximum: 14_400, revocation: 1800 },
    addressesReason: "The cluster runs without Cilium.",
  });
  expect(facts.admin?.roleIds).toContain(roleId("superset", "Admin"));
  expect(facts.admin?.roleIds).not.toContain(roleId("superset", "Alpha"));
  expect(facts.admin?.roleNames.superset).toEqual(["Admin"]);
});
