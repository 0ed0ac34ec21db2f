import type { AccessReport } from "../../../model/index.ts";
import { type Html, html, joined } from "../html.ts";
import { paragraph, roleName, section, table } from "../parts.ts";

/** Access that is given to people whom the settings cannot name. */
export function unknown({ unknown: teams, knowsPeople }: AccessReport): Html {
  return section(
    "unknown",
    "What is not known",
    !knowsPeople &&
      paragraph(
        "These settings name people by their sign-in names alone: whether an account is enabled, and what a dynamic team's rule looks at, stands in Entra.",
      ),
    teams.length === 0
      ? paragraph("Every team with a role names its members, or its rule can be evaluated from the settings.")
      : [
          paragraph(
            "These teams give roles, and only Entra knows who is in them. Whoever is, has the roles beside, and stands nowhere else in this report.",
          ),
          table({
            caption: "Teams with roles whose members only Entra knows",
            columns: [{ label: "Team" }, { label: "Where the members come from", width: "wide" }, { label: "Roles" }],
            rows: teams.map(({ key, kind, source, roles }) => [
              html`<a href="#team-${key}">${key}</a>`,
              kind === "rule"
                ? html`Entra evaluates the rule <code>${source}</code>`
                : html`The existing group <code>${source}</code>, kept elsewhere`,
              joined(
                roles.map(({ tool, role, admin }) => html`${roleName(role, admin)} in ${tool}`),
                html`<br>`,
              ),
            ]),
          }),
        ],
  );
}
