import { type Html, type HtmlValue, html } from "../html.ts";
import { counted, own, paragraph, section, table } from "../parts.ts";
import type { RuleStanding } from "../rules.ts";

/** The rules of the policy pack. Those that stop nothing stand open, the others folded. */
export function policies(rules: readonly RuleStanding[]): Html {
  const stopping = rules.filter(({ level }) => level === "mandatory");
  const others = rules.filter(({ level }) => level !== "mandatory");
  return section(
    "policies",
    "Policies",
    paragraph(
      `${stopping.length} of ${counted(rules.length, "rule is", "rules are")} mandatory in this environment: a deployment that breaks one is stopped. These are levels under these settings; how a single deployment fared stands in its log.`,
    ),
    others.length > 0 && rulesTable("Rules that stop nothing", others),
    exceptionsTable(rules),
    stopping.length > 0 &&
      html`<details><summary>${counted(stopping.length, "mandatory rule", "mandatory rules")}</summary>${rulesTable("Mandatory rules", stopping)}</details>`,
    paragraph("Numbers of catalogues are requirements that a rule helps to meet, no claim of conformity."),
  );
}

/** Who may break which rule until when. */
function exceptionsTable(rules: readonly RuleStanding[]): HtmlValue {
  const rows = rules.flatMap(({ name, exceptions = [] }) =>
    exceptions.map(({ resource, owner, reason, expires }) => [
      html`<code>${name}</code>`,
      html`<code>${resource}</code>`,
      own(owner),
      own(reason),
      expires,
    ]),
  );
  if (rows.length === 0) return [];
  const columns = ["Rule", "Resource", "Owner", "Reason", "Until"].map((label) => ({ label }));
  return table({ caption: "Exceptions", columns, rows });
}

function rulesTable(caption: string, rules: readonly RuleStanding[]): Html {
  return table({
    caption,
    columns: [{ label: "Rule", width: "widest" }, { label: "Level" }, { label: "Severity" }, { label: "Helps with" }],
    rows: rules.map(({ name, title, what, severity, level, controls }) => [
      html`${title} <code class="via">${name}</code><br><span class="via">${what}</span>`,
      level === "mandatory" ? level : html`<em class="mark">${level}</em>`,
      severity,
      controls.length === 0 ? undefined : controls.join("; "),
    ]),
  });
}
