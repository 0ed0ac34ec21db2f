import { type BuiltInStrengthName, builtInStrength } from "../../../../model/conditional-access/built-in-strengths.ts";
import type { Directory } from "../../directory.ts";
import type { StoredStrength } from "./data.ts";

const builtIn = (name: BuiltInStrengthName, description: string): StoredStrength => ({
  ...builtInStrength(name),
  createdDateTime: "2021-12-01T08:00:00Z",
  modifiedDateTime: "2021-12-01T08:00:00Z",
  description,
  policyType: "builtIn",
  requirementsSatisfied: "mfa",
});

/** The strengths that stand in every tenant, as Graph lists them. */
const STRENGTHS: readonly StoredStrength[] = [
  builtIn("mfa", "Combinations of methods that satisfy strong authentication, such as a password + SMS"),
  builtIn(
    "passwordless",
    "Passwordless methods that satisfy strong authentication, such as Passwordless sign-in with the Microsoft Authenticator",
  ),
  builtIn(
    "phishing-resistant",
    "Phishing resistant, Passwordless methods for the strongest authentication, such as a FIDO2 security key",
  ),
];

/** Every strength of the tenant: the built-in ones first. */
export function strengthsOf(data: Directory): StoredStrength[] {
  return [...STRENGTHS, ...Object.values(data.authenticationStrengths)];
}

export function strengthById(data: Directory, id: string): StoredStrength | undefined {
  return strengthsOf(data).find((strength) => strength.id === id.toLowerCase());
}
