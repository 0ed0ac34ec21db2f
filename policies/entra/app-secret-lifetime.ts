import { clock } from "../core/clock.ts";
import { type Finding, resourceRule } from "../core/rule.ts";
import { elements, known } from "../core/values.ts";

const dayInMs = 24 * 60 * 60 * 1000;

type Moment = { readonly kind: "date"; readonly ms: number } | { readonly kind: "bad" | "unknown" | "absent" };

function moment(props: unknown, path: string): Moment {
  const found = known(props, path);
  if (found.kind !== "value") return found;
  const ms = typeof found.value === "string" ? Date.parse(found.value) : Number.NaN;
  return Number.isNaN(ms) ? { kind: "bad" } : { kind: "date", ms };
}

function checkDates(props: unknown, maxDays: number, report: (finding: Finding) => void): void {
  const wanted = `an end at most ${maxDays} days after the start`;
  const start = moment(props, "startDate");
  const end = moment(props, "endDate");
  if (end.kind === "absent") report({ at: "endDate", found: "not set (the secret would live for years)", wanted });
  if (end.kind === "bad") report({ at: "endDate", found: "no date", wanted: "a date such as 2026-04-01T00:00:00Z" });
  if (start.kind === "bad")
    report({ at: "startDate", found: "no date", wanted: "a date such as 2026-01-01T00:00:00Z" });
  if (end.kind !== "date" || (start.kind !== "date" && start.kind !== "absent")) return;
  // Without a start the secret is valid from the moment it is made.
  const days = (end.ms - (start.kind === "date" ? start.ms : clock.now().getTime())) / dayInMs;
  if (days > maxDays) report({ at: "endDate", found: `${Math.ceil(days)} days after the start`, wanted });
}

/** Secrets are short-lived, with an end that is written down. */
export const appSecretLifetime = resourceRule<{ maxDays: number }>(
  {
    name: "app-secret-lifetime",
    title: "Client secrets end soon",
    what: "A client secret has an absolute end date, at most 90 days after its start, and is a resource of its own.",
    why: "A leaked secret works until it ends. A relative end is dropped by the provider without a word, which gives a secret of years; an inline `password` stands unmarked in the state.",
    fix: "Take startDate and endDate from the secret calendar, or better: use a federated credential and have no secret.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
    mappings: [
      { framework: "scuba", id: "MS.AAD.5.6", note: "at most 180 days" },
      { framework: "cis-m365", id: "5.1.5.4", note: "at most 180 days" },
      { framework: "maester", id: "MT.1002" },
      { framework: "soc2", id: "CC6.1" },
      { framework: "iso27001", id: "8.24" },
    ],
  },
  {
    types: [
      "azuread:index/applicationPassword:ApplicationPassword",
      "azuread:index/servicePrincipalPassword:ServicePrincipalPassword",
      "azuread:index/application:Application",
    ],
    config: {
      maxDays: {
        type: "integer",
        minimum: 1,
        default: 90,
        description: "Longest life of a secret, in days.",
      },
    },
    check({ type, props }, report, { maxDays }) {
      if (type.endsWith(":Application")) {
        for (const at of ["password", "passwords"]) {
          if (elements(props, at).length === 0) continue;
          report({ at, found: "set", wanted: "no inline secret", fix: "Use a separate ApplicationPassword, or none." });
        }
        return;
      }
      if (known(props, "endDateRelative").kind !== "absent") {
        report({ at: "endDateRelative", found: "set", wanted: "an absolute endDate instead" });
      }
      checkDates(props, maxDays, report);
    },
  },
);
