import { type AadstsEntry, entry } from "./aadsts-entry.ts";

/**
 * Errors of the device authorization grant. The names are those of
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code, the texts of 70016 and 70020 follow answers that
 * people published. Microsoft names no number for a cancelled sign-in, nor for an unknown device code: 65004 and 70018 are the
 * nearest of its list, unconfirmed as answers.
 */
export const DEVICE_ERRORS: Readonly<Record<number, AadstsEntry>> = {
  65004: entry(
    "authorization_declined",
    400,
    "User declined to consent to access the app.",
    "Start a new sign-in; the person cancelled this one.",
  ),
  70016: entry(
    "authorization_pending",
    400,
    "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
    "Ask again after the interval, until the person has signed in.",
  ),
  70018: entry(
    "bad_verification_code",
    400,
    "Invalid verification code.",
    "Send the device_code, or enter the user_code, of a sign-in that still waits.",
  ),
  70019: entry(
    "expired_token",
    400,
    "Verification code expired.",
    "Start the sign-in on the device anew; a code holds for 15 minutes.",
  ),
  70020: entry(
    "expired_token",
    400,
    "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
    "Start a new sign-in; a code holds for 15 minutes.",
  ),
};
