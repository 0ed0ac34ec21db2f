import { createHash, randomBytes } from "node:crypto";
import { PartnerError } from "./errors.ts";

/** What a person's sign-in to a client left behind, for the tokens that follow. */
export interface PartnerSignIn {
  readonly clientId: string;
  /** The person's key. */
  readonly person: string;
  readonly scopes: readonly string[];
  readonly nonce?: string;
  readonly authTime: Date;
}

export interface PartnerCode extends PartnerSignIn {
  readonly redirectUri: string;
  /** SHA-256 of the verifier, base64url. */
  readonly challenge?: string;
}

export interface PartnerGrants {
  issueCode(code: PartnerCode): string;
  /** Throws `invalid_grant` for a code that is unknown, older than five minutes, or redeemed before. */
  readCode(code: string): PartnerCode;
  /** Marks a code as redeemed, once every check was passed; throws as `readCode` does, so that one request wins. */
  spendCode(code: string): void;
  issueRefreshToken(signIn: PartnerSignIn): string;
  /** Throws `invalid_grant` for a token that is unknown, or was not used for seven days. */
  readRefreshToken(token: string): PartnerSignIn;
}

const CODE_LIFETIME = 5 * 60_000;
/** A refresh token stays the same and ends when it is not used for so long: the standard of Okta's access policies. */
const REFRESH_INACTIVITY = 7 * 24 * 3_600_000;

export function partnerGrants(now: () => Date): PartnerGrants {
  const codes = new Map<string, { code: PartnerCode; issued: number; spent: boolean }>();
  const refreshTokens = new Map<string, { signIn: PartnerSignIn; used: number }>();
  const liveCode = (text: string) => {
    const found = codes.get(hash(text));
    if (found === undefined || found.spent || now().getTime() - found.issued > CODE_LIFETIME)
      throw new PartnerError("invalid_grant", "The authorization code is invalid or has expired.");
    return found;
  };
  return {
    issueCode: (code) => {
      const text = randomBytes(32).toString("base64url");
      codes.set(hash(text), { code, issued: now().getTime(), spent: false });
      return text;
    },
    readCode: (text) => liveCode(text).code,
    spendCode: (text) => {
      liveCode(text).spent = true;
    },
    issueRefreshToken: (signIn) => {
      const text = randomBytes(32).toString("base64url");
      refreshTokens.set(hash(text), { signIn, used: now().getTime() });
      return text;
    },
    readRefreshToken: (text) => {
      const found = refreshTokens.get(hash(text));
      if (found === undefined || now().getTime() - found.used > REFRESH_INACTIVITY)
        throw new PartnerError("invalid_grant", "The refresh token is invalid or expired.");
      found.used = now().getTime();
      return found.signIn;
    },
  };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
