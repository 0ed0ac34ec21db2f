import type { AccessReport, ReportRole, ReportTool } from "../../../model/index.ts";
import { type Html, type HtmlValue, html, joined } from "../html.ts";
import { bullets, counted, listed, own, paragraph, roleName, section, table } from "../parts.ts";

const CREDENTIALS = {
  federated: "with its service account's token, without a secret",
  public: "not at all, as a public client with PKCE, without a secret",
  secret: "with a secret from the vault",
} as const;

export function tools({ tools: all, sessions }: AccessReport): Html {
  return section(
    "tools",
    "By tool",
    paragraph(
      `A sign-in lasts at most ${sessions.maximum} in any tool. Where the identity-aware proxy stands in front, it asks Entra again within ${sessions.revocation}.`,
    ),
    all.map(toolPart),
  );
}

function toolPart(tool: ReportTool): Html {
  return html`<h3 id="tool-${tool.id}">${own(tool.displayName)}${tool.id !== tool.displayName.toLowerCase() && html` <span class="via">${tool.id}</span>`}</h3>
<p><span class="address">${tool.url}</span>, version ${tool.version}. ${signIn(tool)}</p>
${table({
  caption: `Roles of ${tool.id}`,
  columns: [{ label: "Role" }, { label: "What it may do", width: "wide" }, { label: "Given to" }, { label: "People" }],
  rows: tool.roles.map((role) => [
    roleName(role.value, role.admin),
    own(role.description),
    givenTo(role),
    people(role),
  ]),
})}
${
  tool.programRoles.length > 0 &&
  html`<p>Programs, not people, hold: ${joined(
    tool.programRoles.map(({ value, description }) => html`${roleName(value, false)} (${own(description)})`),
    "; ",
  )}</p>`
}
${tool.remarks.length > 0 && bullets(tool.remarks.map(own))}
`;
}

function signIn({ credentials, proxied }: ReportTool): string {
  if (credentials.length === 0) return "The platform itself signs people in with Entra.";
  const ways = credentials.map((kind) => CREDENTIALS[kind]).join("; ");
  return `${proxied ? "The identity-aware proxy stands in front. " : ""}The tool proves itself to Entra ${ways}.`;
}

function givenTo({ teams, partners }: ReportRole): HtmlValue {
  if (teams.length === 0 && partners.length === 0) return "nobody";
  return joined(
    [
      teams.length > 0 &&
        joined(
          teams.map((team) => html`<a href="#team-${team}">${team}</a>`),
          ", ",
        ),
      ...partners.map(({ partner, groups }) => html`${own(partner)}: ${listed(groups)}`),
    ].filter((value) => value !== false),
    html`<br>`,
  );
}

function people({ people: known, unknownTeams }: ReportRole): HtmlValue {
  if (unknownTeams.length === 0) return known;
  const more = `those of ${counted(unknownTeams.length, "team", "teams")} that only Entra knows`;
  return known === 0 ? more : `${known}, and ${more}`;
}
