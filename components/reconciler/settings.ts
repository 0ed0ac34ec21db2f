import { z } from "zod";
import { described } from "../../model/settings/index.ts";
import { INTERVALS } from "../kubernetes/intervals.ts";

/** The key of a tool whose accounts a job brings to what Entra says; plain zod, for contracts. */
export function reconcileSettings(tool: string) {
  return described(
    z
      .strictObject({
        every: described(z.enum(INTERVALS).default("10m"), {
          description:
            "How often accounts are brought to what Entra says: somebody who was disabled is out after so long. Default: 10m.",
          allowed: INTERVALS.join(", "),
          example: "10m",
        }),
        removalLimit: described(z.number().int().min(1).max(100).default(25), {
          description:
            "Most people, in percent, who may lose something in one run; with more the run changes nothing and fails. 3 people always may. 100 switches the check off. Default: 25.",
          allowed: "a whole number from 1 to 100",
          example: 25,
        }),
      })
      .prefault({}),
    {
      description: `The job that takes leavers out of ${tool}.`,
      allowed: "the keys every and removalLimit",
      example: { every: "10m" },
    },
  );
}

/** Parsed. */
export type ReconcileSettings = z.infer<ReturnType<typeof reconcileSettings>>;
