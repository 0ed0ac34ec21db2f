import { z } from "zod";
import { baseline } from "./conditional-access/baseline.ts";
import { offices } from "./conditional-access/offices.ts";
import { policies } from "./conditional-access/policies.ts";
import { strengths } from "./conditional-access/strengths.ts";
import { enforcementState, frequency } from "./conditional-access/words.ts";
import { described } from "./described.ts";
import { personEntry } from "./names.ts";

const frequencies = described(
  z
    .strictObject({
      people: frequency("For everybody. Default: 12h.", "12h").default("12h"),
      admins: frequency("For teams with an admin role. Default: 4h.", "4h").default("4h"),
      unmanaged: frequency("For unmanaged devices, and for guests. Default: 1h.", "1h").default("1h"),
    })
    .prefault({}),
  {
    description: "How long until people sign in again.",
    allowed: "the keys people, admins and unmanaged",
    example: { people: "12h" },
  },
);

const list = (description: string, example: readonly string[]) =>
  described(z.array(personEntry).default([]), { description, allowed: "a list of people", example });

/** `conditionalAccess`: what a sign-in has to show, and who stays out of every policy. */
export const conditionalAccess = described(
  z
    .strictObject({
      state: enforcementState(
        "State of every part and policy that has none of its own. Start with report-only, read the sign-in log, then write enforced. Default: report-only.",
      ).default("report-only"),
      breakGlass: list(
        "Emergency accounts. No policy ever applies to them, and they hold no role in any tool. At least two once something is enforced.",
        ["breakglass-1", "breakglass-2"],
      ),
      countries: described(
        z
          .array(
            described(z.string().regex(/^[A-Z]{2}$/), {
              description: "A country or region.",
              allowed: "a two-letter code of ISO 3166-1 in capitals",
              example: "DE",
            }),
          )
          .default([]),
        {
          description:
            "Where people work. Sign-ins from elsewhere are blocked by the part `countries`, which is not there while this is empty. Default: none.",
          allowed: "a list of two-letter codes of ISO 3166-1 in capitals",
          example: ["DE", "PT"],
        },
      ),
      offices,
      admins: described(z.enum(["mfa", "passwordless", "phishing-resistant"]).default("phishing-resistant"), {
        description: "What teams with an admin role sign in with. Default: phishing-resistant.",
        allowed: "mfa, passwordless or phishing-resistant",
        example: "phishing-resistant",
      }),
      frequency: frequencies,
      devices: described(z.enum(["short-session", "managed"]).default("short-session"), {
        description:
          "What the part `devices` does: short sessions on unmanaged devices, or nobody but on compliant and hybrid joined ones. Default: short-session.",
        allowed: "short-session or managed",
        example: "managed",
      }),
      baseline,
      strengths,
      policies,
      deployers: list(
        "People who deploy by hand. A change that shuts one of them out of Azure or Microsoft Graph is refused.",
        ["ana.lima"],
      ),
    })
    .prefault({}),
  {
    description: "Conditional Access.",
    allowed:
      "the keys state, breakGlass, countries, offices, admins, frequency, devices, baseline, strengths, policies and deployers",
    example: { state: "report-only", breakGlass: ["breakglass-1", "breakglass-2"], countries: ["DE", "PT"] },
  },
);

/** The settings of Conditional Access, parsed. */
export type ConditionalAccessSettings = z.infer<typeof conditionalAccess>;
