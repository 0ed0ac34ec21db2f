import type { AccessReport, ClosedGroup } from "../../../model/index.ts";
import { type Html, html } from "../html.ts";
import { listed, own, paragraph, peopleList, section, table } from "../parts.ts";

export function closed({ without, closed: though }: AccessReport): Html {
  return section(
    "without",
    "Without access",
    paragraph("Everybody whom the settings name and who can open no tool, with the reason."),
    without.length === 0 ? paragraph("Everybody has some access.") : reasons("People without any access", without),
    html`<h3>Closed to people who have access elsewhere</h3>`,
    though.length === 0
      ? paragraph("Nothing but what the matrix shows: they are in no team with a role there.")
      : [
          paragraph("Where a reader might expect access. What is not listed is simply in no team with a role there."),
          reasons("Tools that stay closed, and why", though),
        ],
  );
}

function reasons(caption: string, groups: readonly ClosedGroup[]): Html {
  return table({
    caption,
    columns: [{ label: "People", width: "wide" }, { label: "Why" }],
    rows: groups.map((group) => [
      peopleList(group.people),
      group.reasons.map(
        ({ reason, tools }) =>
          html`<p>${tools.length > 0 && html`<span class="via">${listed(tools)}:</span> `}${own(reason)}</p>`,
      ),
    ]),
  });
}
