import type { AccessReport, PeopleGroup, ReportPartner } from "../../../model/index.ts";
import { type Html, type HtmlValue, html } from "../html.ts";
import { counted, heldRoles, listed, own, paragraph, peopleList, section, type Table, table, wide } from "../parts.ts";

/** With more tools than these a column for each is too narrow, and a row lists what is open instead. */
const COLUMNS = 8;
/** Rows of one table. A browser leaves out the work for tables that are not on the screen. */
const ROWS = 60;

export function people(report: AccessReport): Html {
  return section(
    "people",
    "By person",
    paragraph(
      "People with the same access, reached in the same way, share a row. A search on this page finds everybody, folded or not. People without any access stand under ",
      html`<a href="#without">without access</a>.`,
    ),
    matrix("people", "People with access", report.people, report.tools),
  );
}

export function guests(report: AccessReport): Html {
  const { guests: all, guestsWithAccess } = report.numbers;
  return section(
    "guests",
    "Guests",
    paragraph(
      "Guests are invited from other tenants; how their accounts are kept is the other company's affair. ",
      all === 0
        ? "The settings name none."
        : `${guestsWithAccess} of ${counted(all, "guest has", "guests have")} access.`,
    ),
    matrix("guests", "Guests with access", report.guests, report.tools),
  );
}

export function partners(report: AccessReport): Html {
  return section(
    "partners",
    "Partners' people",
    report.partners.length === 0
      ? paragraph("No partner's provider signs anybody in.")
      : [
          paragraph(
            "Partners sign their people in with a provider of their own. The partner decides who is in its groups, and Conditional Access of this company does not reach them.",
          ),
          report.partners.map((partner) => partnerPart(partner, report.tools)),
        ],
  );
}

function partnerPart(partner: ReportPartner, tools: AccessReport["tools"]): Html {
  return html`<h3>${own(partner.displayName)}</h3>
<p>Issuer <code>${partner.issuer}</code></p>
${table({
  caption: `Roles that ${partner.displayName}'s groups give`,
  columns: [{ label: "Tool" }, { label: "Role" }, { label: "Groups of the partner" }],
  rows: partner.roles.map(({ tool, role, groups }) => [tool, own(role), listed(groups)]),
})}
${partner.people.length === 0 ? paragraph("The settings know none of its people.") : matrix(`partner-${partner.key}`, `People of ${partner.displayName} whom the settings know`, partner.people, tools)}`;
}

function matrix(id: string, caption: string, groups: readonly PeopleGroup[], tools: AccessReport["tools"]): HtmlValue {
  if (groups.length === 0) return [];
  const parts = Array.from({ length: Math.ceil(groups.length / ROWS) }, (_, index) =>
    groups.slice(index * ROWS, (index + 1) * ROWS),
  );
  return parts.map((part, index) => {
    const suffix = parts.length === 1 ? "" : `, part ${index + 1} of ${parts.length}`;
    const content = tools.length <= COLUMNS ? columnsOf(part, tools) : listOf(part, tools);
    return wide(`matrix-${id}-${index + 1}`, { caption: `${caption}${suffix}`, ...content }, parts.length > 1);
  });
}

function columnsOf(groups: readonly PeopleGroup[], tools: AccessReport["tools"]): Omit<Table, "caption"> {
  return {
    even: true,
    columns: [{ label: "People", width: "wide" }, ...tools.map(({ id }) => ({ label: id }))],
    rows: groups.map((group) => [
      peopleList(group.people, "people with the same access"),
      ...tools.map(({ id }) => heldRoles(group.access.filter(({ tool }) => tool === id))),
    ]),
  };
}

function listOf(groups: readonly PeopleGroup[], tools: AccessReport["tools"]): Omit<Table, "caption"> {
  return {
    columns: [{ label: "People", width: "wide" }, { label: "Access" }],
    rows: groups.map((group) => [
      peopleList(group.people, "people with the same access"),
      tools.flatMap(({ id }) => {
        const held = group.access.filter(({ tool }) => tool === id);
        return held.length === 0 ? [] : [html`<div class="tool"><span>${id}</span>${heldRoles(held)}</div>`];
      }),
    ]),
  };
}
