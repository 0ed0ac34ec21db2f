import { BUILT_IN_STRENGTHS } from "../../../../model/conditional-access/policy.ts";
import type { Directory } from "../../directory.ts";
import type { StoredStrength } from "./data.ts";

const PHISHING_RESISTANT = ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"];
const PASSWORDLESS = [...PHISHING_RESISTANT, "deviceBasedPush"];

/**
 * Every combination of methods that is multifactor, in Entra's order and spelling: what a strength can allow
 * (https://learn.microsoft.com/graph/api/authenticationstrengthroot-list-policies, the strength "Multifactor authentication").
 */
export const COMBINATIONS: readonly string[] = [
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

const builtIn = (
  id: string,
  displayName: string,
  description: string,
  allowedCombinations: readonly string[],
): StoredStrength => ({
  id,
  createdDateTime: "2021-12-01T08:00:00Z",
  modifiedDateTime: "2021-12-01T08:00:00Z",
  displayName,
  description,
  policyType: "builtIn",
  requirementsSatisfied: "mfa",
  allowedCombinations,
});

/** The strengths that stand in every tenant, as Graph lists them. */
const STRENGTHS: readonly StoredStrength[] = [
  builtIn(
    BUILT_IN_STRENGTHS.mfa,
    "Multifactor authentication",
    "Combinations of methods that satisfy strong authentication, such as a password + SMS",
    COMBINATIONS,
  ),
  builtIn(
    BUILT_IN_STRENGTHS.passwordless,
    "Passwordless MFA",
    "Passwordless methods that satisfy strong authentication, such as Passwordless sign-in with the Microsoft Authenticator",
    PASSWORDLESS,
  ),
  builtIn(
    BUILT_IN_STRENGTHS["phishing-resistant"],
    "Phishing resistant MFA",
    "Phishing resistant, Passwordless methods for the strongest authentication, such as a FIDO2 security key",
    PHISHING_RESISTANT,
  ),
];

/** Every strength of the tenant: the built-in ones first. */
export function strengthsOf(data: Directory): StoredStrength[] {
  return [...STRENGTHS, ...Object.values(data.authenticationStrengths)];
}

export function strengthById(data: Directory, id: string): StoredStrength | undefined {
  return strengthsOf(data).find((strength) => strength.id === id.toLowerCase());
}
