import { CLIENT_ERRORS } from "./aadsts-client.ts";
import { CONDITIONAL_ACCESS_ERRORS } from "./aadsts-conditional-access.ts";
import { DEVICE_ERRORS } from "./aadsts-device.ts";
import type { AadstsEntry } from "./aadsts-entry.ts";
import { SIGN_IN_ERRORS } from "./aadsts-sign-in.ts";

/**
 * The errors that the emulator answers with, by number. Names and texts follow what Entra answers
 * (https://learn.microsoft.com/entra/identity-platform/reference-error-codes); Microsoft may reword them, so match on the number.
 */
export const AADSTS: Readonly<Record<number, AadstsEntry>> = {
  ...SIGN_IN_ERRORS,
  ...CLIENT_ERRORS,
  ...CONDITIONAL_ACCESS_ERRORS,
  ...DEVICE_ERRORS,
};
