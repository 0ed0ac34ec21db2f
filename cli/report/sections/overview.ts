import type { AccessReport } from "../../../model/index.ts";
import { type Html, html } from "../html.ts";
import { bullets, own, paragraph, section } from "../parts.ts";
import type { Provenance } from "../provenance.ts";

/** What this page is, and of when and of what. */
export function heading(report: AccessReport, { file, digest, commit }: Provenance): Html {
  return html`<header><h1>Access review: ${own(report.organization)}, ${report.environment}</h1>
<p class="lead">Who may use which data tool in which role, how they reach it, and what a sign-in has to show. Read from the settings alone: nothing was asked of Entra or Azure.</p>
<dl class="facts">
<div><dt>As of</dt><dd><time datetime="${report.at}">${dayAndTime(report.at)}</time></dd></div>
<div><dt>Settings</dt><dd>${file}</dd></div>
<div><dt>Commit</dt><dd>${commit === undefined ? "none: the file stands in no git checkout" : commitText(commit)}</dd></div>
<div><dt>SHA-256 of the file</dt><dd><code>${digest}</code></dd></div>
<div><dt>Tools under</dt><dd>${report.domain}</dd></div>
<div><dt>Entra tenant</dt><dd><code>${report.tenantId}</code></dd></div>
</dl></header>
`;
}

function commitText({ hash, date, changed }: NonNullable<Provenance["commit"]>): Html {
  const state = changed ? html` <strong>with changes to the file that are not committed</strong>` : "";
  return html`<code>${hash.slice(0, 12)}</code> of ${dayAndTime(date)}${state}`;
}

/** @example "2026-11-28 06:00 UTC" */
function dayAndTime(rfc3339: string): string {
  return `${rfc3339.slice(0, 10)} ${rfc3339.slice(11, 16)} UTC`;
}

export function overview(report: AccessReport): Html {
  const { numbers, conditionalAccess, unknown, credentials, knowsPeople } = report;
  const cards: readonly (readonly [number | string, string])[] = [
    [numbers.privilegedPeople, "people with an admin role"],
    [`${numbers.peopleWithAccess} of ${numbers.people}`, "people with access"],
    [`${numbers.guestsWithAccess} of ${numbers.guests}`, "guests with access"],
    [`${numbers.partnerPeopleWithAccess} of ${numbers.partnerPeople}`, "partners' people with access"],
    [knowsPeople ? numbers.disabled : "not known", "disabled accounts"],
    [unknown.length, "teams with roles whose members only Entra knows"],
    [
      `${conditionalAccess.enforced} and ${conditionalAccess.reportOnly}`,
      "Conditional Access policies enforced, and report-only",
    ],
    [`${credentials.secretless.length} of ${numbers.tools}`, "tools sign people in without a secret"],
  ];
  return section(
    "overview",
    "At a glance",
    html`<dl class="numbers">${cards.map(([number, label]) => html`<div><dt>${label}</dt><dd>${number}</dd></div>`)}</dl>`,
    html`<h3>To look at first</h3>`,
    report.attention.length === 0
      ? paragraph("Nothing stands out.")
      : bullets(
          report.attention.map(({ text, section: id }) => html`${own(text)} <a href="#${id}">See ${TITLES[id]}</a>`),
        ),
  );
}

const TITLES: Readonly<Record<AccessReport["attention"][number]["section"], string>> = {
  privileged: "privileged access",
  teams: "teams",
  guests: "guests",
  partners: "partners",
  credentials: "credentials",
  "conditional-access": "Conditional Access",
  unknown: "what is not known",
};
