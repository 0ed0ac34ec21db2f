import { z } from "zod";
import { described } from "./described.ts";
import { duration } from "./tool.ts";

/** `sessions`: how long sign-ins last at most, and how soon somebody who was disabled is out. */
export const sessions = described(
  z
    .strictObject({
      maximum: duration("Longest that a sign-in may last in any tool.", "8h", {
        minMinutes: 15,
        maxMinutes: 24 * 60,
        allowed: "a duration in minutes or hours from 15m to 24h",
      }),
      revocation: duration(
        "How long somebody who was disabled may stay signed in behind the identity-aware proxy: it asks Entra again before.",
        "1h",
        { minMinutes: 2, maxMinutes: 4 * 60, allowed: "a duration in minutes or hours from 2m to 4h" },
      ),
    })
    .prefault({}),
  {
    description: "Bounds of sign-in sessions, for all tools.",
    allowed: "the keys maximum and revocation",
    example: { maximum: "8h", revocation: "1h" },
  },
);
