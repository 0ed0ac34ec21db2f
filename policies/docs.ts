import { frameworks, type Mapping } from "./core/frameworks.ts";
import type { Rule } from "./core/rule.ts";

const scopes = {
  resource: "each resource, before it is made",
  stack:
    "the whole stack: a preview stops before anything is made; an `up` without a preview can only report afterwards",
} as const;

function mappingLine({ framework, id, note }: Mapping): string {
  const { name, version } = frameworks[framework];
  return `${name} ${version}: ${id}${note ? ` (${note})` : ""}`;
}

/** Requirements of one catalogue on one line. */
function mappingLines(mappings: readonly Mapping[]): readonly string[] {
  const lines = new Map<string, string>();
  for (const mapping of mappings) {
    const before = lines.get(mapping.framework);
    const suffix = `, ${mapping.id}${mapping.note ? ` (${mapping.note})` : ""}`;
    lines.set(mapping.framework, before === undefined ? mappingLine(mapping) : before + suffix);
  }
  return [...lines.values()];
}

function section({ text, types, scope, policy }: Rule): string {
  const settings = Object.entries(policy.configSchema?.properties ?? {}).map(
    ([key, schema]) => `  - \`${key}\`, default \`${JSON.stringify(schema.default)}\`: ${schema.description}`,
  );
  const lines = [
    `## ${text.name}`,
    "",
    `${text.what}`,
    "",
    `- **Why**: ${text.why}`,
    `- **Fix**: ${text.fix}`,
    `- **Severity**: ${text.severity}`,
    `- **Looks at**: ${scopes[scope]}; ${types.map((type) => `\`${type}\``).join(", ")}`,
    ...(settings.length > 0 ? ["- **Settings**:", ...settings] : []),
    ...(text.mappings ? [`- **Helps with**: ${mappingLines(text.mappings).join("; ")}`] : []),
    `- **More**: <${text.url}>`,
  ];
  return lines.join("\n");
}

/** The page docs/policies.md. */
export function policyDocs(rules: readonly Rule[]): string {
  const rows = rules.map(({ text }) => `| [${text.name}](#${text.name}) | ${text.title} | ${text.severity} |`);
  return `${[
    "# Policies",
    "",
    "<!-- Written by policies/write-docs.ts from the rules themselves; edit those, then run `node --import tsx policies/write-docs.ts`. -->",
    "",
    "The pack in `policies/` stops an unsafe stack before it exists: `pulumi preview --policy-pack policies --policy-pack-config FILE`.",
    "Every rule is mandatory; a configuration file may change a rule's level (`advisory`, `disabled`) or its settings, for one",
    "environment at a time. A value that a preview cannot know yet passes, and is checked in `up` as soon as it is known; everything",
    "known beside it is checked at once. The same pack audits what is there already: `pulumi policy analyze --policy-pack policies`.",
    "",
    "| rule | | severity |",
    "| --- | --- | --- |",
    ...rows,
    "",
    "Numbers of catalogues are pointers to requirements that a rule helps to meet, not a claim of conformity.",
  ].join("\n")}\n\n${rules.map(section).join("\n\n")}\n`;
}
