/**
 * Authentication methods by the names that settings and `--from mfa=…` use, with the combination that Entra's authentication
 * strengths know each by (https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy, authenticationMethodModes).
 */
export const METHODS = {
  fido2: "fido2",
  "windows-hello": "windowsHelloForBusiness",
  certificate: "x509CertificateMultiFactor",
  "phone-sign-in": "deviceBasedPush",
  "temporary-access-pass": "temporaryAccessPassOneTime",
  authenticator: "password,microsoftAuthenticatorPush",
  oath: "password,softwareOath",
  sms: "password,sms",
  voice: "password,voice",
} as const;

/** Strongest first. */
export type MethodName = keyof typeof METHODS;

/** Strongest first. */
export const METHOD_NAMES = Object.keys(METHODS) as readonly MethodName[];

/**
 * Whether a sign-in with this method is one of a strength's combinations. The password alone is a combination too, and was
 * given where the method stands beside it.
 *
 * @param method `none` for the password alone
 */
export function satisfiesStrength(allowedCombinations: readonly string[], method: MethodName | "none"): boolean {
  const used = method === "none" ? "password" : METHODS[method];
  return (
    allowedCombinations.includes(used) || (used.startsWith("password,") && allowedCombinations.includes("password"))
  );
}
