import { z } from "zod";
import { described } from "./described.ts";
import { personEntry } from "./names.ts";

/** `conditionalAccess`: who stays out of every policy. */
export const conditionalAccess = described(
  z
    .strictObject({
      breakGlass: described(z.array(personEntry).default([]), {
        description: "Emergency accounts. No policy ever applies to them, and they hold no role in any tool.",
        allowed: "a list of people",
        example: ["breakglass-1", "breakglass-2"],
      }),
    })
    .prefault({}),
  {
    description: "Conditional Access.",
    allowed: "the key breakGlass",
    example: { breakGlass: ["breakglass-1", "breakglass-2"] },
  },
);
