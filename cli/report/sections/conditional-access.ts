import type { AccessReport, ReportPolicy } from "../../../model/index.ts";
import { type Html, html, joined } from "../html.ts";
import { bullets, counted, listed, own, paragraph, section, table } from "../parts.ts";

/** What sign-ins have to show, tools with the same policies together. */
export function conditionalAccess({ conditionalAccess: declared, tools }: AccessReport): Html {
  const { groups, others, absent, prefix, breakGlass, enforced, reportOnly } = declared;
  const tables = groups.map(({ tools: same, policies }) => {
    const which = same.length === tools.length ? "every tool" : same.join(", ");
    return [
      html`<h3>${same.length === tools.length ? "Every tool" : listed(same)}</h3>`,
      policies.length === 0
        ? paragraph(`No declared policy guards ${which}.`)
        : table({ caption: `Policies that guard ${which}`, columns: COLUMNS, rows: policies.map(rowOf) }),
    ];
  });
  return section(
    "conditional-access",
    "Conditional Access",
    paragraph(
      enforced + reportOnly === 0
        ? "No policy is declared."
        : html`${counted(enforced, "policy is", "policies are")} enforced, ${reportOnly === 0 ? "none only reports" : `${reportOnly} only ${reportOnly === 1 ? "reports and stops" : "report and stop"} nobody`}. In Entra each name begins with “${own(prefix.trim())}”. ${breakGlass === 0 ? "There are no break-glass accounts." : `No policy reaches the ${counted(breakGlass, "break-glass account", "break-glass accounts")}.`}`,
    ),
    tables,
    others.length > 0 && [
      html`<h3>About other applications</h3>`,
      table({ caption: "Policies that guard none of the tools", columns: COLUMNS, rows: others.map(rowOf) }),
    ],
    absent.length > 0 && [
      html`<h3>What is not declared</h3>`,
      bullets(absent.map(({ name, why }) => html`<b>${own(name)}</b>: ${own(why)}`)),
    ],
  );
}

const COLUMNS = [
  { label: "Policy", width: "wide" },
  { label: "State" },
  { label: "Who" },
  { label: "When" },
  { label: "Demands" },
] as const;

function rowOf({ title, state, who, when, demands, otherApplications }: ReportPolicy) {
  const more =
    otherApplications.length > 0 && html`<br><span class="via">guards too: ${listed(otherApplications)}</span>`;
  return [
    html`${own(title)}${more}`,
    state === "enforced" ? "enforced" : html`<em class="mark">report-only</em>`,
    own(who),
    when.length === 0 ? "at every sign-in" : joined(when.map(own), ", and "),
    joined(demands.map(own), "; "),
  ];
}
