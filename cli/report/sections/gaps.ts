import type { AccessReport } from "../../../model/index.ts";
import { type Html, html } from "../html.ts";
import { bullets, paragraph, section } from "../parts.ts";

/** What nobody may conclude from the report. */
export function gaps({ knowsPeople, partners }: AccessReport): Html {
  return section(
    "gaps",
    "What this report does not cover",
    paragraph("It says what the settings give. It does not say:"),
    bullets(
      [
        "whether the last deployment was of these settings, and what was changed by hand in Entra, Azure or a tool since then;",
        !knowsPeople && "whether an account is enabled, and who is in dynamic and existing groups;",
        "roles of the directory and of Azure: who administers Entra, the subscription, the vault, the cluster, or deploys;",
        "rights inside a tool that are given there: shared dashboards, owned objects, row-level rules, grants on data;",
        "accounts and tokens of a tool's own: its emergency account, personal access tokens, API keys, users of its database;",
        "secrets beside those of the sign-in: passwords of databases, connections of pipelines, keys of sessions;",
        "Conditional Access policies of the tenant that this stack does not declare;",
        partners.length > 0 && "who else is in a partner's groups: the partner decides, and is asked at the partner;",
        "whether anybody used their access.",
      ].filter((gap) => gap !== false),
    ),
    html`<p>The table beside this page (CSV) has one row for each person and tool, open or closed, and one for each team whose members are not known. Cells that a spreadsheet would take for a formula begin with an apostrophe.</p>`,
  );
}
