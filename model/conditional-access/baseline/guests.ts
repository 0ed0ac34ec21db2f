import { MFA, signInFrequency } from "../grant-controls.ts";
import { ALL_GUESTS, users } from "../policy-conditions.ts";
import type { Part } from "./part.ts";

/**
 * How a guest's account is guarded is the other company's affair, so a second factor is asked for here, and often: the device
 * is nobody's of ours (https://learn.microsoft.com/entra/external-id/authentication-conditional-access).
 */
export const guests: Part = ({ settings }) => [
  {
    title: "Multifactor authentication and short sessions for guests",
    conditions: { users: users({ includeGuestsOrExternalUsers: ALL_GUESTS }) },
    grant: MFA,
    frequency: signInFrequency(settings.frequency.unmanaged),
  },
];
