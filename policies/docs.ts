import { frameworks, type Mapping } from "./core/frameworks.ts";
import type { Rule } from "./core/rule.ts";
import { environmentTable } from "./environments.ts";
import { MAX_DAYS, MIN_REASON } from "./exceptions/exception.ts";

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

const exceptionSection: readonly string[] = [
  "## Exceptions",
  "",
  "`policies/exceptions.yaml` is the one place that lets a resource break a rule for a while:",
  "",
  "```yaml",
  "exceptions:",
  "- rule: redis-closed",
  "  resource: urn:pulumi:staging::entrada::entrada:platform:Redis$azure-native:redisenterprise:Database::redis-database",
  "  owner: ana.lima@contoso.com",
  "  reason: Celery's broker knows keys only; the Kubernetes executor replaces it in spring.",
  "  expires: 2027-03-31",
  "```",
  "",
  "- `resource` is one whole URN (`pulumi stack --show-urns`): a pattern would let in what is made tomorrow. It names the stack, so an",
  "  exception holds in one environment.",
  `- \`reason\` has at least ${MIN_REASON} characters, \`expires\` is the last day and at most ${MAX_DAYS} days ahead.`,
  "- Critical rules have no exceptions in the stacks under `production` (default `[prod]`).",
  "- Every run says what exceptions let pass (`exceptions-in-force`, advisory). One that has expired, whose resource meets the rule or is",
  "  gone, or that is written wrong fails (`exceptions-honest`, mandatory), with everything at once. Neither is a rule that the configuration sets.",
  "- The command line refuses a wrong or expired entry before the engine starts.",
];

const audits: readonly string[] = [
  "## Audits, and other projects",
  "",
  "The same pack audits what is there already: `pulumi policy analyze --policy-pack policies --stack prod`, or `--file STATE` for an",
  "exported state. Resource rules see the state's inputs, whole-stack rules its outputs, and nothing is unknown.",
  "",
  "Another project copies the folder `policies/`, runs `npm install` in it and writes its own `exceptions.yaml` and configuration file;",
  "`policies/package.json` lists all that the pack needs. `examples/` and `testing/` are for this project's tests.",
];

/** The page docs/policies.md. */
export function policyDocs(rules: readonly Rule[]): string {
  const rows = rules.map(({ text }) => `| [${text.name}](#${text.name}) | ${text.title} | ${text.severity} |`);
  return `${[
    "# Policies",
    "",
    "<!-- Written by policies/write-docs.ts from the rules themselves; edit those, then run `node --import tsx policies/write-docs.ts`. -->",
    "",
    "The pack in `policies/` stops an unsafe stack before it exists: `pulumi preview --policy-pack policies --policy-pack-config FILE`.",
    "A configuration file sets a rule's level (`mandatory`, `advisory`, `disabled`) and its settings for one environment; without one",
    "every rule is mandatory. A value that a preview cannot know yet passes, and is checked in `up` as soon as it is known; everything",
    "known beside it is checked at once. [What Microsoft and CIS recommend](policy-coverage.md) says which rule stands for what.",
    "",
    "## Environments",
    "",
    "The command line writes the configuration from an environment's settings: domains, registries, admin roles and so on. Beside them:",
    "",
    ...environmentTable(rules.map(({ text }) => text.name)),
    "",
    ...exceptionSection,
    "",
    ...audits,
    "",
    "## Rules",
    "",
    "| rule | | severity |",
    "| --- | --- | --- |",
    ...rows,
    "",
    "Numbers of catalogues are pointers to requirements that a rule helps to meet, not a claim of conformity.",
  ].join("\n")}\n\n${rules.map(section).join("\n\n")}\n`;
}
