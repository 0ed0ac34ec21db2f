import type { AccessReport, PrivilegedRole } from "../../../model/index.ts";
import { type Html, type HtmlValue, html, joined } from "../html.ts";
import { listed, own, paragraph, personName, roleName, section, table } from "../parts.ts";

/** Who can change other people's rights, and who decides that. Roles with the same holders stand together. */
export function privileged({ privileged: roles }: AccessReport): Html {
  const groups = new Map<string, PrivilegedRole[]>();
  for (const role of roles) {
    const key = JSON.stringify([role.holders, role.teams.map((team) => team.key)]);
    groups.set(key, [...(groups.get(key) ?? []), role]);
  }
  return section(
    "privileged",
    "Privileged access",
    paragraph(
      "Roles that can change other people's rights or a tool's configuration. Who owns a team decides who is in it, and so hands its roles out.",
    ),
    groups.size === 0
      ? paragraph("No tool offers such a role.")
      : table({
          caption: "Admin roles and their holders",
          columns: [{ label: "Roles", width: "wide" }, { label: "Held by" }, { label: "Through, and decided by" }],
          rows: [...groups.values()].map((same) => [
            same.map(
              ({ tool, role, description }) =>
                html`<p>${roleName(role, true)} in ${tool}<br><span class="via">${own(description)}</span></p>`,
            ),
            holders(same[0]),
            (same[0]?.teams ?? []).map(
              ({ key, owners, members }) =>
                html`<p><a href="#team-${key}">${key}</a>${members === undefined && html` <em class="mark">members not known</em>`}<br><span class="via">${owners.length === 0 ? "owners stand in Entra" : html`owned by ${listed(owners.map(({ displayName }) => displayName))}`}</span></p>`,
            ),
          ]),
        }),
  );
}

function holders(role: PrivilegedRole | undefined): HtmlValue {
  const { holders: people = [], teams = [] } = role ?? {};
  const unknown = teams.filter(({ members }) => members === undefined).map(({ key }) => key);
  return [
    people.length > 0 &&
      html`<ul class="people">${people.map(({ person }) => html`<li>${personName(person)}</li>`)}</ul>`,
    unknown.length > 0 && html`<p>Whoever is in ${listed(unknown)}</p>`,
    people.length === 0 && unknown.length === 0 && "nobody",
  ];
}

/** Roles of one tool by their names. */
export function roleList(roles: readonly { readonly role: string; readonly admin: boolean }[]): HtmlValue {
  return joined(
    roles.map(({ role, admin }) => roleName(role, admin)),
    ", ",
  );
}
