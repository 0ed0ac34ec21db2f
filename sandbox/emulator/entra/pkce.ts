import { createHash } from "node:crypto";
import { EntraError } from "./errors.ts";
import type { AuthorizationCode } from "./grants.ts";

type Challenge = NonNullable<AuthorizationCode["challenge"]>;

/** RFC 7636 4.1: 43 to 128 characters of the unreserved set. */
const SIZE = /^[A-Za-z0-9._~-]{43,128}$/;

/** Reads the challenge of an authorize request. Throws AADSTS50147 (size) and 90023 (method). */
export function readChallenge(parameters: URLSearchParams): Challenge | undefined {
  const value = parameters.get("code_challenge");
  const method = parameters.get("code_challenge_method") ?? "plain";
  if (value === null) return undefined;
  if (method !== "S256" && method !== "plain")
    throw new EntraError(90023, { parameter: "code_challenge_method", value: method });
  if (!SIZE.test(value) || (method === "S256" && value.length !== 43)) throw new EntraError(50147);
  return { method, value };
}

/** Throws AADSTS501481 unless the verifier is the challenge's, or both are missing. */
export function checkVerifier(challenge: Challenge | undefined, verifier: string | null) {
  if (challenge === undefined && verifier === null) return;
  if (challenge === undefined || verifier === null || transform(challenge.method, verifier) !== challenge.value)
    throw new EntraError(501481);
}

function transform(method: Challenge["method"], verifier: string): string {
  return method === "S256" ? createHash("sha256").update(verifier).digest("base64url") : verifier;
}
