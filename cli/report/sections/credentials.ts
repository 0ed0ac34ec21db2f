import type { AccessReport } from "../../../model/index.ts";
import { type Html, html } from "../html.ts";
import { bullets, listed, own, paragraph, section, table } from "../parts.ts";
import { day, timeline } from "../timeline.ts";

export function credentials({ credentials: all, at }: AccessReport): Html {
  const { withSecret, secretless, secrets, next, lifetimeDays, partnerSecrets } = all;
  return section(
    "credentials",
    "Credentials",
    paragraph(
      secretless.length === 0
        ? "No tool does without a client secret."
        : html`Without a client secret, so with nothing to expire or leak: ${listed(secretless)}.`,
    ),
    withSecret.length === 0
      ? paragraph("No tool needs a client secret.")
      : [
          paragraph(
            html`With a client secret in the vault: ${listed(withSecret)}. Two secrets overlap, each of ${lifetimeDays} days; a deployment on or after ${day(next.startDate)} replaces the older one. The dates are those that the settings demand: what the vault holds follows with the next deployment.`,
          ),
          timeline(all, at),
          table({
            caption: "Client secrets",
            columns: [{ label: "Secret" }, { label: "Starts" }, { label: "Ends" }, { label: "Days left" }],
            rows: withSecret.flatMap((tool) =>
              secrets.map(({ slot, current, startDate, endDate, daysLeft }) => [
                html`${tool}, ${slot} <span class="via">${current ? "in use" : "older"}</span>`,
                day(startDate),
                day(endDate),
                daysLeft,
              ]),
            ),
          }),
        ],
    partnerSecrets.length > 0 && [
      html`<h3>Handed over by partners</h3>`,
      paragraph("When these end, only the partner knows."),
      bullets(
        partnerSecrets.map(
          ({ tool, partner, name }) => html`${own(partner)} for ${tool}: <code>${name}</code> in the vault`,
        ),
      ),
    ],
  );
}
