import type { AccessReport, ReportTeam } from "../../../model/index.ts";
import { type Html, type HtmlValue, html, joined } from "../html.ts";
import { listed, own, paragraph, peopleList, roleName, section, table } from "../parts.ts";

export function teams({ teams: all }: AccessReport): Html {
  return section(
    "teams",
    "By team",
    paragraph(
      "A team is an Entra group. Its direct members get its roles; people in teams that are nested in it do not, except in Databricks, which follows nesting.",
    ),
    all.length === 0
      ? paragraph("The settings have no teams.")
      : table({
          caption: "Teams, their members and what they give",
          columns: [{ label: "Team" }, { label: "Members", width: "wide" }, { label: "Owners" }, { label: "Roles" }],
          rows: all.map((team) => [nameOf(team), membersOf(team), ownersOf(team), rolesOf(team)]),
        }),
  );
}

function nameOf({ key, displayName, description, privileged }: ReportTeam): Html {
  return html`<span id="team-${key}">${key}</span>${privileged && html` <em class="mark admin">privileged</em>`}${
    displayName !== key && html`<br><span class="via">${own(displayName)}</span>`
  }${description !== undefined && html`<br><span class="via">${own(description)}</span>`}`;
}

/** Who is in it, and how it is decided who is. */
function membersOf({ kind, source, members, nested }: ReportTeam): HtmlValue {
  return [
    members === undefined && html`<p><em class="mark">not known</em> Only Entra knows who is in it.</p>`,
    kind === "rule" && html`<p class="via">Whoever fits the rule <code>${source}</code></p>`,
    kind === "existing" && html`<p class="via">An existing group, kept elsewhere: <code>${source}</code></p>`,
    members !== undefined && (members.length === 0 ? "nobody" : peopleList(members)),
    nested.length > 0 && html`<p class="via">Nested in it: ${listed(nested)}</p>`,
  ];
}

function ownersOf({ owners }: ReportTeam): HtmlValue {
  return owners.length === 0 ? "stand in Entra" : listed(owners.map(({ displayName }) => displayName));
}

function rolesOf({ roles }: ReportTeam): HtmlValue {
  if (roles.length === 0) return "none in any tool";
  return joined(
    roles.map(({ tool, role, admin }) => html`${roleName(role, admin)} in ${tool}`),
    html`<br>`,
  );
}
