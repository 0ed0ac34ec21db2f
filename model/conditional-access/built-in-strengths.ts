import { type AuthenticationStrength, BUILT_IN_STRENGTHS } from "./policy.ts";

const PHISHING_RESISTANT = ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"];
const PASSWORDLESS = [...PHISHING_RESISTANT, "deviceBasedPush"];

/**
 * Every combination of methods that is multifactor, in Entra's order and spelling: what a strength can allow
 * (https://learn.microsoft.com/graph/api/authenticationstrengthroot-list-policies, the strength "Multifactor authentication").
 */
export const MULTIFACTOR_COMBINATIONS: readonly string[] = [
  ...PASSWORDLESS,
  "temporaryAccessPassOneTime",
  "temporaryAccessPassMultiUse",
  "password,microsoftAuthenticatorPush",
  "password,softwareOath",
  "password,hardwareOath",
  "password,x509CertificateSingleFactor",
  "password,x509CertificateMultiFactor",
  "password,sms",
  "password,voice",
  "federatedMultiFactor",
  "microsoftAuthenticatorPush,federatedSingleFactor",
  "softwareOath,federatedSingleFactor",
  "hardwareOath,federatedSingleFactor",
  "sms,federatedSingleFactor",
  "voice,federatedSingleFactor",
];

/** The names by which settings demand them. */
export type BuiltInStrengthName = keyof typeof BUILT_IN_STRENGTHS;

const NAMES: Readonly<Record<BuiltInStrengthName, readonly [string, readonly string[]]>> = {
  mfa: ["Multifactor authentication", MULTIFACTOR_COMBINATIONS],
  passwordless: ["Passwordless MFA", PASSWORDLESS],
  "phishing-resistant": ["Phishing-resistant MFA", PHISHING_RESISTANT],
};

/**
 * A strength that every tenant has, with what meets it
 * (https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths#built-in-authentication-strengths).
 */
export function builtInStrength(name: BuiltInStrengthName): AuthenticationStrength {
  const [displayName, allowedCombinations] = NAMES[name];
  return { id: BUILT_IN_STRENGTHS[name], displayName, allowedCombinations };
}
