import * as runtime from "@pulumi/pulumi/runtime/index.js";
import { describe, expect, it } from "vitest";
import { policyFacts } from "../../cli/policy-pack.ts";
import { loadSettings, readConfig, stackFile } from "../../cli/project.ts";
import { isSecretValue, runProgram } from "../../components/testing/mocks.ts";
import program from "../../infra/index.ts";
import { policyConfig } from "../../policies/config.ts";
import { rules } from "../../policies/rules.ts";
import { messages, NotApplicable } from "../../policies/testing/harness.ts";

/** The policy server hands secrets over in the clear and unmarked. */
function unmarked(value: unknown): unknown {
  if (isSecretValue(value)) return unmarked(value.value);
  if (Array.isArray(value)) return value.map(unmarked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unmarked(inner)]));
}

describe.each(["sandbox", "dev", "staging", "prod"])("the program of stack %s", (stack) => {
  it.each([true, false])("breaks no rule of the pack (preview: %s)", async (preview) => {
    const file = stackFile(stack);
    runtime.setAllConfig(readConfig(file));
    const { resources } = await runProgram(program, { preview });
    const config = policyConfig(policyFacts(loadSettings(file)));
    const checked = rules.filter(({ scope }) => scope === "resource");
    const found = checked.flatMap((rule) => {
      const settings = { ...rule.defaults, ...(config[rule.text.name] as object | undefined) };
      return resources.flatMap(({ type, name, inputs }) => {
        try {
          return messages(rule, { type, name, props: unmarked(inputs) as object }, settings);
        } catch (error) {
          if (error instanceof NotApplicable) return [];
          throw error;
        }
      });
    });
    expect(resources.length).toBeGreaterThan(50);
    expect(found).toEqual([]);
  });
});
