import { z } from "zod";
import { described } from "./described.ts";

/** A day as YYYY-MM-DD. YAML readers that know dates hand over midnight in UTC instead, which means the same. */
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T00:00:00(\.0+)?Z)?$/)
  .refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text.slice(0, 10)), {
    error: "The calendar has no such day.",
  })
  .transform((text) => text.slice(0, 10));

/** `secrets`: how long the secrets live of those tools that cannot do without one. */
export const secrets = described(
  z
    .strictObject({
      lifetimeDays: described(z.number().int().min(2).max(90).default(90), {
        description:
          "Days that one client secret lives. Two overlap at any time; every half lifetime the older one is replaced. Default: 90.",
        allowed: "a whole number of days from 2 to 90",
        example: 60,
      }),
      anchor: described(day.default("2026-01-01"), {
        description:
          "Day (UTC) from which the rotation windows are counted. A change rotates both secrets. Default: 2026-01-01.",
        allowed: "a day of the calendar as YYYY-MM-DD",
        example: "2026-01-01",
      }),
    })
    .prefault({}),
  {
    description: "Lifetime of client secrets, for tools that need one.",
    allowed: "the keys lifetimeDays and anchor",
    example: { lifetimeDays: 60 },
  },
);
