import { z } from "zod";
import type { BaselinePart } from "../../conditional-access/declared.ts";
import { described } from "../described.ts";
import { enforcementState, reason } from "./words.ts";

/** What each part of the baseline does, for editors. docs/conditional-access.md says why. */
const PARTS: Readonly<Record<BaselinePart, string>> = {
  mfa: "Multifactor authentication for everybody in the company.",
  admins: "The strength of `admins` for teams with an admin role.",
  "legacy-clients": "Blocks clients that cannot show a sign-in page.",
  "device-code": "Blocks the device code flow and authentication transfer.",
  countries: "Blocks sign-ins from outside `countries` and the trusted offices.",
  devices: "Short sessions on unmanaged devices, or managed devices alone, as `devices` says.",
  "sign-in-frequency": "How often people and administrators sign in again.",
  "sign-in-risk": "Blocks sign-ins of high risk; of medium risk they need a fresh second factor. Needs Entra ID P2.",
  "user-risk": "Blocks accounts of high risk. Needs Entra ID P2.",
  guests: "Multifactor authentication and short sessions for guests.",
  platforms: "Blocks operating systems that Entra does not know.",
};

function partSwitch(description: string) {
  return described(
    z
      .strictObject({
        state: enforcementState("State of this part. Default: the state of the whole.").optional(),
        reason: reason("Why the part is weaker than the whole; needed then.").optional(),
      })
      .optional(),
    {
      description,
      allowed: "the keys state and reason",
      example: { state: "off", reason: "No Entra ID P2 licence" },
    },
  );
}

const shape = Object.fromEntries(
  Object.entries(PARTS).map(([part, description]) => [part, partSwitch(description)]),
) as Record<BaselinePart, ReturnType<typeof partSwitch>>;

/** `conditionalAccess.baseline`: a switch for each part that is not as the whole. */
export const baseline = described(z.strictObject(shape).prefault({}), {
  description: "The parts of the baseline whose state is not that of the whole. Default: none.",
  allowed: `the parts ${Object.keys(PARTS).join(", ")}`,
  example: { "sign-in-risk": { state: "off", reason: "No Entra ID P2 licence" } },
});
