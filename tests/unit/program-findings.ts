import { isSecretValue, type Registered, type Run } from "../../components/testing/mocks.ts";
import { type PolicyFacts, policyConfig } from "../../policies/config.ts";
import { rules } from "../../policies/rules.ts";
import { messages, NotApplicable, type Sample, stackMessages } from "../../policies/testing/harness.ts";

/** The policy server hands secrets over in the clear and unmarked. */
export function unmarked(value: unknown): unknown {
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

/** What the rules find in a run of the program, each with the rule's name. */
export function findings(
  run: Run,
  facts: PolicyFacts,
  known: boolean,
): { readonly rule: string; readonly message: string }[] {
  const config = policyConfig(facts);
  const samples = run.resources.map((resource) => ({
    ...made(resource, known),
    protect: run.isProtected(resource.type, resource.name),
  }));
  return rules.flatMap((rule) => {
    const settings = { ...rule.defaults, ...(config[rule.text.name] as object | undefined) };
    const named = (texts: readonly string[]) => texts.map((message) => ({ rule: rule.text.name, message }));
    // Mocks say nothing of where values come from, so without ids a stack rule would not know what belongs together.
    if (rule.scope === "stack") return known ? named(stackMessages(rule, samples, settings)) : [];
    return samples.flatMap((sample) => {
      try {
        return named(messages(rule, sample, settings));
      } catch (error) {
        if (error instanceof NotApplicable) return [];
        throw error;
      }
    });
  });
}
