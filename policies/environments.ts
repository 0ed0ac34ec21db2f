import { type PolicyFacts, policyConfig } from "./config.ts";

/** What every environment of a company has in common. */
const facts: Omit<PolicyFacts, "environment"> = { domains: [], registries: [] };

const environments = ["sandbox", "dev", "staging", "prod"];

/** A rule's settings in one environment. */
function settingsIn(environment: string, rule: string): Readonly<Record<string, unknown>> {
  return Object(policyConfig({ ...facts, environment })[rule] ?? {});
}

/** The table of what the pack holds an environment to that it does not hold others to. */
export function environmentTable(rules: readonly string[]): readonly string[] {
  const rows = rules.flatMap((rule) => {
    const all = environments.map((environment) => settingsIn(environment, rule));
    const keys = [...new Set(all.flatMap((settings) => Object.keys(settings)))].filter(
      (key) => key !== "enforcementLevel",
    );
    return keys.flatMap((key) => {
      const values = all.map((settings) => JSON.stringify(settings[key]));
      if (new Set(values).size === 1) return [];
      return [`| [${rule}](#${rule}) \`${key}\` | ${values.join(" | ")} |`];
    });
  });
  const levels = environments.map((environment) =>
    rules.some((rule) => settingsIn(environment, rule).enforcementLevel === "advisory") ? "advisory" : "mandatory",
  );
  return [
    `| | ${environments.join(" | ")} |`,
    `| --- |${" --- |".repeat(environments.length)}`,
    `| every rule that is not critical | ${levels.join(" | ")} |`,
    `| critical rules |${" mandatory |".repeat(environments.length)}`,
    ...rows,
  ];
}
