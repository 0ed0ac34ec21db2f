import { z } from "zod";
import { described } from "../described.ts";
import { displayText, kubernetesName } from "../names.ts";
import { methods } from "./words.ts";

const strength = z.strictObject({
  displayName: displayText("Name of the strength, as sign-in pages and logs show it.", "Security keys"),
  methods: methods("The methods that meet it, each alone.", ["fido2"]).min(1),
});

/** `conditionalAccess.strengths`: authentication strengths beside Entra's built-in ones. */
export const strengths = described(
  z.record(kubernetesName("The name of a strength, as policies demand it.", "keys-only"), strength).default({}),
  {
    description: "The company's own authentication strengths, for policies to demand.",
    allowed: "strengths by name",
    example: { "keys-only": { displayName: "Security keys", methods: ["fido2"] } },
  },
);
