import type { ReachedRole, ReportPerson } from "../../model/index.ts";
import { type Html, type HtmlValue, html, joined } from "./html.ts";

/** More people than these stand folded under their number. */
const UNFOLDED = 8;

/** A column of a table. */
export interface Column {
  readonly label: string;
  /** A third of the table, or more than half of it. Default: as its texts need. */
  readonly width?: "wide" | "widest";
}

export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  /** The first cell names the row. `undefined` where there is nothing to say. */
  readonly rows: readonly (readonly HtmlValue[])[];
  /** Whether each column gets the same room, for matrices in several parts. */
  readonly even?: boolean;
}

/** A table that says of each cell what it is; on a narrow screen each row becomes a card with those words. */
export function table({ caption, columns, rows, even }: Table): Html {
  return html`<table${even ? html` class="even"` : ""}><caption>${caption}</caption>
<thead><tr>${columns.map(({ label, width }) => html`<th scope="col"${width ? html` class="${width}"` : ""}>${label}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([
      name,
      ...cells
    ]) => html`<tr><th scope="row">${name}</th>${cells.map((cell, index) => cellOf(cell, columns[index + 1]?.label))}</tr>
`,
  )}</tbody></table>`;
}

function cellOf(cell: HtmlValue, label: string | undefined): Html {
  if (cell === undefined || (Array.isArray(cell) && cell.length === 0)) return html`<td class="no">none</td>`;
  return html`<td data-label="${label}"><div>${cell}</div></td>`;
}

/**
 * A table that may be wider than the screen: it scrolls by itself, by keyboard too.
 * @param many whether it is one of many, which a browser may leave out of its work until they are on the screen
 */
export function wide(id: string, content: Table, many: boolean): Html {
  return html`<div class="scroll${many && " many"}" role="region" tabindex="0" aria-label="${content.caption}" id="${id}">${table(content)}</div>`;
}

export function section(id: string, title: string, ...content: readonly HtmlValue[]): Html {
  return html`<section id="${id}"><h2>${title}</h2>${content}</section>
`;
}

export function paragraph(...content: readonly HtmlValue[]): Html {
  return html`<p>${content}</p>`;
}

export function bullets(items: readonly HtmlValue[]): Html {
  return html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** Somebody's own words, such as names: whichever way they are written, they do not turn the text around them. */
export function own(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

/** Somebody by name and sign-in name, with what sets the account apart in words. */
export function personName({ id, displayName, upn, enabled, guest }: ReportPerson): Html {
  const marks = [...(guest ? ["guest"] : []), ...(enabled ? [] : ["disabled"])];
  const same = displayName === id;
  return html`${own(same ? upn : displayName)}${marks.map((mark) => html` <em class="mark">${mark}</em>`)}${same ? "" : html` <span class="upn">${own(upn)}</span>`}`;
}

/** People, each on a line; many of them folded, where a search on the page still finds them. */
export function peopleList(people: readonly ReportPerson[], what = "people"): Html {
  const list = html`<ul class="people">${people.map((person) => html`<li>${personName(person)}</li>`)}</ul>`;
  if (people.length <= UNFOLDED) return list;
  return html`<details><summary>${people.length} ${what}</summary>${list}</details>`;
}

/** A role, marked where it is an admin role. */
export function roleName(role: string, admin: boolean): Html {
  return html`<b>${own(role)}</b>${admin && html` <em class="mark admin">privileged</em>`}`;
}

/** Roles of one tool, each with the way to it. */
export function heldRoles(roles: readonly ReachedRole[]): HtmlValue[] {
  return roles.map(
    ({ role, admin, via }) => html`<p>${roleName(role, admin)} <span class="via">through ${listed(via)}</span></p>`,
  );
}

/** Words by commas. */
export function listed(words: readonly string[]): HtmlValue {
  return joined(words.map(own), ", ");
}

export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
