import { z } from "zod";
import { described } from "../described.ts";
import { mailAddress } from "../names.ts";
import { flag, resourceId, wholeNumber } from "./existing.ts";

const entra = flag(
  "Whether Entra's sign-in and audit logs go there as well. They are the tenant's: one environment of it says so.",
  false,
);

/** `platform.logs`: where logs are kept. */
export const logs = described(
  z
    .union([
      z.strictObject({
        existing: resourceId(
          "The Log Analytics workspace to use.",
          "Microsoft.OperationalInsights/workspaces",
          "log-company",
        ),
        entra,
      }),
      z.strictObject({ retentionDays: wholeNumber("Days for which logs are kept.", [30, 730], 90), entra }),
    ])
    .prefault({}),
  {
    description: "The Log Analytics workspace: every resource of the platform writes its logs there.",
    allowed: "the keys existing or retentionDays, and entra",
    example: { retentionDays: 90 },
  },
);

/** `platform.dns`: the public zone of `domain`. */
export const dns = described(
  z
    .union([
      z.strictObject({
        existing: resourceId("The zone to use.", "Microsoft.Network/dnszones", "data.contoso.com"),
        issuer: flag("Whether the cluster's cert-manager may prove in it that the domain is the company's.", true),
      }),
      z.strictObject({
        issuer: flag("Whether the cluster's cert-manager may prove in it that the domain is the company's.", true),
        authorities: described(
          z
            .array(z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/))
            .min(1)
            .default(["letsencrypt.org"]),
          {
            description: "Authorities that may issue certificates for the domain (CAA). Default: letsencrypt.org.",
            allowed: "a list of authorities' domains",
            example: ["letsencrypt.org"],
          },
        ),
      }),
    ])
    .optional(),
  {
    description: "The public DNS zone of `domain`, and who may issue certificates for it. Default: others keep it.",
    allowed: "the keys existing or authorities, and issuer",
    example: { issuer: true },
  },
);

/** `platform.budget`: who hears of it when the environment costs more than planned. */
export const budget = described(
  z
    .strictObject({
      amount: described(z.number().int().min(1), {
        description: "What the subscription may cost in a month, in the currency of its bill.",
        allowed: "a whole number from 1",
        example: 2500,
      }),
      contacts: described(z.array(mailAddress("Who is told.", "bi@contoso.com")).min(1).max(50), {
        description: "Who gets a mail at 80 % of what was spent, and at 100 % of what is forecast.",
        allowed: "a list of 1 to 50 mail addresses",
        example: ["bi@contoso.com"],
      }),
      since: described(z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/), {
        description: "Month in which it begins; Azure takes none that is past when the budget is made.",
        allowed: "a year and a month, such as 2026-12",
        example: "2026-12",
      }),
    })
    .optional(),
  {
    description: "A budget with mails before it is spent. Default: none.",
    allowed: "the keys amount, contacts and since",
    example: { amount: 2500, contacts: ["bi@contoso.com"], since: "2026-12" },
  },
);
