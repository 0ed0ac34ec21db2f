import type { ReportCredentials } from "../../model/index.ts";
import { type Html, html } from "./html.ts";

/** Height of one bar with its words, in pixels. */
const ROW = 46;
const TOP = 24;

/**
 * The secrets' lives as bars on one axis, from the start of the older to the end of what comes next. The words stand beside each bar, so
 * that nothing is said by length or colour alone; the table below it says the same.
 */
export function timeline({ secrets, next }: ReportCredentials, at: string): Html {
  const bars = [
    ...secrets.map(({ slot, current, startDate, endDate, daysLeft }) => ({
      text: `Secret ${slot}${current ? ", in use" : ", older"}: ends ${day(endDate)}, in ${daysLeft} days`,
      kind: current ? "newer" : "older",
      startDate,
      endDate,
    })),
    { text: `Next: from ${day(next.startDate)} to ${day(next.endDate)}`, kind: "planned", ...next },
  ];
  const from = Math.min(...bars.map(({ startDate }) => Date.parse(startDate)));
  const to = Math.max(...bars.map(({ endDate }) => Date.parse(endDate)));
  const place = (moment: string) => Math.round(((Date.parse(moment) - from) / (to - from)) * 10_000) / 100;
  const today = place(at);
  return html`<figure><svg class="timeline" role="img" aria-label="Lives of the secrets: ${bars.map(({ text }) => text).join(". ")}." width="100%" height="${TOP + bars.length * ROW}">
<text class="small" x="${today}%" y="13" text-anchor="middle">${day(at)}</text>
${bars.map(
  ({ text, kind, startDate, endDate }, index) => html`<text x="0" y="${TOP + index * ROW + 14}">${text}</text>
<rect class="${kind}" x="${place(startDate)}%" y="${TOP + index * ROW + 21}" width="${Math.round((place(endDate) - place(startDate)) * 100) / 100}%" height="14" rx="3"/>
<line class="today" x1="${today}%" x2="${today}%" y1="${TOP + index * ROW + 18}" y2="${TOP + index * ROW + 38}"/>
`,
)}</svg>
<figcaption>The upright line is the day of this report. Every tool with a secret follows this one calendar.</figcaption></figure>`;
}

/** @example "2026-12-27" */
export function day(rfc3339: string): string {
  return rfc3339.slice(0, 10);
}
