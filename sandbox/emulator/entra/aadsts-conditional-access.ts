import { type AadstsEntry, entry } from "./aadsts-entry.ts";

const ASK = "Change the sign-in's conditions, or the policy if it is not meant so";

/**
 * Errors of Conditional Access. At the authorize endpoint all of them are `interaction_required`, in the token endpoint's v2.0
 * answers `invalid_grant` with a `suberror` that says what a client can do about it. Texts and suberrors of 50076, 50079, 53003
 * and 70043 follow answers that people published; those of the others are Microsoft's descriptions
 * (https://learn.microsoft.com/entra/identity-platform/reference-error-codes), unconfirmed as answers.
 */
export const CONDITIONAL_ACCESS_ERRORS: Readonly<Record<number, AadstsEntry>> = {
  50074: refused(
    "basic_action",
    "Strong Authentication is required.",
    "Answer with a second factor that the policy accepts (sign-in --from mfa=…). Policies: {policies}.",
  ),
  50076: refused(
    "basic_action",
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{resource}'.",
    "Answer with a method that the policy accepts (sign-in --from mfa=…). Policies: {policies}.",
  ),
  50079: refused(
    "basic_action",
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '{resource}'.",
    "Let the person register a method that the policy accepts (people.<key>.methods in the sandbox). Policies: {policies}.",
  ),
  50142: refused(
    "basic_action",
    "Password change is required due to a conditional access policy.",
    "Let the person change the password; the sandbox knows no passwords. Policies: {policies}.",
  ),
  50158: refused(
    "additional_action",
    "External security challenge not satisfied. User will be redirected to another page or authentication provider to satisfy additional authentication challenges.",
    "Accept the terms of use, or pass the provider's own control; the sandbox has neither. Policies: {policies}.",
  ),
  53000: refused(
    "message_only",
    "Device is not in required device state: compliant. Conditional Access policy requires a compliant device, and the device is not compliant. The user must enroll their device with an approved MDM provider like Intune.",
    "Sign in from a compliant device (sign-in --from device=compliant). Policies: {policies}.",
  ),
  53001: refused(
    "message_only",
    "Device is not in required device state: domain_joined. Conditional Access policy requires a domain joined device, and the device is not domain joined.",
    "Sign in from a hybrid joined device (sign-in --from device=hybrid). Policies: {policies}.",
  ),
  53002: refused(
    "message_only",
    "The application used is not an approved application for Conditional Access. The user needs to use one of the apps from the list of approved applications to use in order to get access.",
    "Drop the control from the policy: no data tool is among Microsoft's approved applications. Policies: {policies}.",
  ),
  53003: refused(
    "message_only",
    "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
    `${ASK}. Policies: {policies}.`,
  ),
  53009: {
    ...refused(
      "protection_policy_required",
      "Application needs to enforce Intune protection policies.",
      "Drop the control from the policy: no data tool enforces app protection. Policies: {policies}.",
    ),
    tokenError: "unauthorized_client",
  },
  70043: refused(
    "token_expired",
    "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access. The token was issued on {issued} and the maximum allowed lifetime for this request is {seconds}.",
    "Send the person to sign in again, as the policy's sign-in frequency wants it. Policies: {policies}.",
  ),
  70044: refused(
    "token_expired",
    "The session has expired or is invalid due to sign-in frequency checks by conditional access.",
    "Send an interactive sign-in (without prompt=none). Policies: {policies}.",
  ),
};

function refused(suberror: string, message: string, fix: string): AadstsEntry {
  return { ...entry("interaction_required", 400, message, fix), tokenError: "invalid_grant", suberror };
}
