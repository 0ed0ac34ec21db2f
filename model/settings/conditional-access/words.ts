import { z } from "zod";
import { METHOD_NAMES, type MethodName } from "../../conditional-access/methods.ts";
import { described } from "../described.ts";

/** How far a policy goes, weakest first. `report-only` writes into the sign-in log what would have happened. */
export const STATES = ["off", "report-only", "enforced"] as const;
export type EnforcementState = (typeof STATES)[number];

/** What a policy can demand besides the company's own strengths. */
export const DEMANDS = [
  "block",
  "mfa",
  "passwordless",
  "phishing-resistant",
  "compliant-device",
  "hybrid-device",
] as const;

/** Places that `from` can name besides the offices. */
export const PLACES = ["countries", "trusted"] as const;

/** A state, for the whole, a part or a policy. */
export function enforcementState(description: string) {
  return described(z.enum(STATES), {
    description,
    allowed: "off, report-only or enforced",
    example: "report-only",
  });
}

/** Why a setting is weaker than usual, for whoever reviews it. */
export function reason(description: string) {
  return described(z.string().regex(/^\S(.{0,254}\S)?$/), {
    description,
    allowed: "a sentence on one line",
    example: "No Entra ID P2 licence",
  });
}

/** Registered or allowed methods by the names of `METHODS`. */
export function methods(description: string, example: readonly MethodName[]) {
  const method = described(z.enum(METHOD_NAMES as readonly [MethodName, ...MethodName[]]), {
    description: "An authentication method.",
    allowed: `a method: ${METHOD_NAMES.join(", ")}`,
    example: "fido2",
  });
  return described(z.array(method), { description, allowed: `methods: ${METHOD_NAMES.join(", ")}`, example });
}

/**
 * A sign-in frequency. Entra counts in hours up to a day and in days beyond, so nothing else can be written
 * (https://learn.microsoft.com/graph/api/resources/signinfrequencysessioncontrol).
 */
export function frequency(description: string, example: string) {
  return described(
    z
      .string()
      .regex(/^[1-9]\d{0,3}h$/)
      .refine(countable, { error: "Entra counts hours up to 23, then whole days." }),
    {
      description,
      allowed: "whole hours from 1h to 23h, or whole days as hours from 24h to 8760h",
      example,
    },
  );
}

/** Texts that are no hours at all have been refused already, and are not to be refused twice. */
function countable(text: string): boolean {
  const hours = text.endsWith("h") ? Number.parseInt(text, 10) : 1;
  return hours < 24 || (hours % 24 === 0 && hours <= 365 * 24);
}
