import { aadsts, findAadsts } from "../../sandbox/emulator/entra/index.ts";
import { partnerFix } from "../../sandbox/emulator/partner/errors.ts";

/** A "no" on the way in, with what to change. */
export class SignInRefused extends Error {
  /** `AADSTS…`, an error name of the partner's provider or of the vault, or `unknown`. */
  readonly code: string;
  /** What to change, in one line. */
  readonly fix: string;
  constructor(code: string, message: string, fix: string) {
    super(message);
    this.code = code;
    this.fix = fix;
  }
}

/** What an answer says of a refusal: the protocol's name for it, if there is one, and the words. */
export interface Explanation {
  readonly error?: string;
  readonly text: string;
}

/**
 * A refusal as Entra words it; `values` fill the fix in with the request's own redirect URI, client and person. Which policies
 * are behind it stands in the sign-in log, so it is said later, by `namingPolicies`.
 */
export function entraRefusal({ text }: Explanation, values: Readonly<Record<string, string>> = {}): SignInRefused {
  const number = findAadsts(text);
  const known = number === undefined ? undefined : aadsts(number, { policies: "see the sign-in log", ...values });
  return new SignInRefused(
    number === undefined ? "unknown" : `AADSTS${number}`,
    readable(/AADSTS\d+:[^<\r\n]*/.exec(text)?.[0] ?? text.slice(0, 300)),
    known?.fix ?? "Look the number up in Microsoft's list of AADSTS error codes.",
  );
}

/** The same refusal, with the policies in its fix. */
export function namingPolicies(refusal: SignInRefused, policies: readonly string[]): SignInRefused {
  const number = findAadsts(refusal.code);
  if (number === undefined || policies.length === 0) return refusal;
  const fix = aadsts(number, { policies: policies.join(", ") })?.fix ?? refusal.fix;
  return new SignInRefused(refusal.code, refusal.message, fix);
}

/** A refusal of a partner's provider, from a page or an answer. */
export function partnerRefusal({ error, text }: Explanation): SignInRefused {
  const code = error ?? /id="code">([^<]*)/.exec(text)?.[1] ?? "unknown";
  const words = /id="error">([^<]*)/.exec(text)?.[1] ?? text.slice(0, 300);
  return new SignInRefused(code, `${code}: ${readable(words)}`, partnerFix(code));
}

function readable(text: string): string {
  return text.replaceAll("&#39;", "'").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
