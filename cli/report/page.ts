import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AccessReport } from "../../model/index.ts";
import { Html, html } from "./html.ts";
import type { Provenance } from "./provenance.ts";
import type { RuleStanding } from "./rules.ts";
import { closed } from "./sections/closed.ts";
import { conditionalAccess } from "./sections/conditional-access.ts";
import { credentials } from "./sections/credentials.ts";
import { gaps } from "./sections/gaps.ts";
import { heading, overview } from "./sections/overview.ts";
import { guests, partners, people } from "./sections/people.ts";
import { policies } from "./sections/policies.ts";
import { privileged } from "./sections/privileged.ts";
import { teams } from "./sections/teams.ts";
import { tools } from "./sections/tools.ts";
import { unknown } from "./sections/unknown.ts";

/** Everything that the page shows. */
export interface PageContent {
  readonly report: AccessReport;
  readonly provenance: Provenance;
  readonly rules: readonly RuleStanding[];
}

const SECTIONS = [
  ["overview", "At a glance"],
  ["privileged", "Privileged access"],
  ["people", "By person"],
  ["teams", "By team"],
  ["tools", "By tool"],
  ["guests", "Guests"],
  ["partners", "Partners' people"],
  ["without", "Without access"],
  ["unknown", "What is not known"],
  ["credentials", "Credentials"],
  ["conditional-access", "Conditional Access"],
  ["policies", "Policies"],
  ["gaps", "Not covered"],
] as const;

/**
 * The report as one page that needs nothing else: no script, no request, its style inside. The policy in its head lets a browser load
 * nothing but that very style, so what should ever slip through the escaping could still not run or send anything.
 */
export function reportPage({ report, provenance, rules }: PageContent): string {
  const css = readFileSync(join(import.meta.dirname, "page.css"), "utf8");
  const style = createHash("sha256").update(css).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${style}'; img-src data:; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Access review: ${report.organization}, ${report.environment}, ${report.at.slice(0, 10)}</title>
<link rel="icon" href="data:,">
${Html.style(css)}
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
${heading(report, provenance)}<nav aria-label="Contents"><ul>${SECTIONS.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main id="main" tabindex="-1">
${overview(report)}${privileged(report)}${people(report)}${teams(report)}${tools(report)}${guests(report)}${partners(report)}${closed(report)}${unknown(report)}${credentials(report)}${conditionalAccess(report)}${policies(rules)}${gaps(report)}</main>
<footer><p>Made by <code>entrada access --html</code> from the settings of ${report.environment}. It holds people's names: keep it as you keep those.</p></footer>
</body>
</html>
`;
  return page.toString();
}
