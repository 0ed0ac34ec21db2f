import { createHash, randomBytes } from "node:crypto";
import type { SignInConditions } from "../../../model/conditional-access/sign-in.ts";
import type { Platform } from "./clients.ts";
import { EntraError } from "./errors.ts";
import type { Scopes } from "./scopes.ts";
import type { SecondFactor } from "./session.ts";

/** What a person's sign-in to an application left behind, for the tokens that follow. */
export interface SignIn {
  readonly clientId: string;
  readonly userId: string;
  readonly platform: Platform;
  readonly scopes: Scopes;
  readonly nonce?: string;
  readonly sid: string;
  readonly authTime: Date;
  /** Where and how the person signed in. */
  readonly conditions: SignInConditions;
  /** What was shown besides the password. */
  readonly secondFactor?: SecondFactor;
}

export interface AuthorizationCode extends SignIn {
  readonly redirectUri: string;
  readonly challenge?: { readonly method: "S256" | "plain"; readonly value: string };
}

/** A refresh token as it is kept: under the hash of its text. */
interface RefreshGrant {
  readonly signIn: SignIn;
  /** When this token was given. */
  readonly issued: Date;
  /** A single-page application's tokens all end 24 hours after the code was redeemed. */
  readonly ends?: Date;
}

export interface GrantStore {
  issueCode(code: AuthorizationCode): string;
  /** Reads a code. Throws AADSTS70000 (unknown), 54005 (redeemed before) or 70008 (older than ten minutes). */
  readCode(code: string): AuthorizationCode;
  /** Marks a code as redeemed, once every check was passed. Throws as `readCode` does, so that only one request wins. */
  spendCode(code: string): void;
  /** Gives a refresh token; `previous` is the one that it follows, whose end it inherits. */
  issueRefreshToken(signIn: SignIn, previous?: string): string;
  /** Reads a refresh token, which stays valid: Entra gives a new one at every use without revoking the old. */
  readRefreshToken(token: string): SignIn;
}

const HOUR = 3_600_000;
const CODE_LIFETIME = 10 * 60_000;
const REFRESH_INACTIVITY = 90 * 24 * HOUR;
const SPA_REFRESH_LIFETIME = 24 * HOUR;

export function grantStore(now: () => Date): GrantStore {
  const codes = new Map<string, { grant: AuthorizationCode; issued: Date; spent: boolean }>();
  const refreshTokens = new Map<string, RefreshGrant>();
  const age = (since: Date) => now().getTime() - since.getTime();
  const liveCode = (code: string) => {
    const found = codes.get(hash(code));
    if (found === undefined) throw new EntraError(70000, { parameter: "code" });
    if (found.spent) throw new EntraError(54005);
    if (age(found.issued) > CODE_LIFETIME) throw new EntraError(70008);
    return found;
  };
  return {
    issueCode: (grant) => {
      const code = `1.${randomBytes(64).toString("base64url")}`;
      codes.set(hash(code), { grant, issued: now(), spent: false });
      return code;
    },
    readCode: (code) => liveCode(code).grant,
    spendCode: (code) => {
      liveCode(code).spent = true;
    },
    issueRefreshToken: (signIn, previous) => {
      const token = `1.${randomBytes(96).toString("base64url")}`;
      const inherited = previous === undefined ? undefined : refreshTokens.get(hash(previous))?.ends;
      const ends = inherited ?? new Date(now().getTime() + SPA_REFRESH_LIFETIME);
      refreshTokens.set(hash(token), { signIn, issued: now(), ...(signIn.platform === "spa" ? { ends } : {}) });
      return token;
    },
    readRefreshToken: (token) => {
      const found = refreshTokens.get(hash(token));
      if (found === undefined) throw new EntraError(70000, { parameter: "refresh_token" });
      const issued = found.issued.toISOString();
      if (found.ends !== undefined && found.ends <= now())
        throw new EntraError(700084, { issued, lifetime: "1.00:00:00" });
      if (age(found.issued) > REFRESH_INACTIVITY) throw new EntraError(700082, { issued, lifetime: "90.00:00:00" });
      return found.signIn;
    },
  };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
