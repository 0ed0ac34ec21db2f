import { randomBytes } from "node:crypto";

/**
 * A refusal as Okta words it. Where the OAuth protocol has a name for it, the answer is `{error, error_description}`; an
 * unknown client and a failed authentication answer in the shape of Okta's own interfaces, `{errorCode, errorSummary, …}`.
 * Texts follow https://developer.okta.com/docs/reference/error-codes/ and what its servers were seen to answer; match on
 * the code.
 */
export class PartnerError extends Error {
  readonly code: string;
  readonly status: 400 | 401;
  constructor(code: string, description: string, status: 400 | 401 = 400) {
    super(description);
    this.code = code;
    this.status = status;
  }

  /** The JSON body of the answer. */
  body(): object {
    return { error: this.code, error_description: this.message };
  }
}

/** A client id that nobody registered. */
export class UnknownClient extends PartnerError {
  constructor() {
    super("invalid_client", "Invalid value for 'client_id' parameter.", 401);
  }

  override body(): object {
    return {
      errorCode: this.code,
      errorSummary: this.message,
      errorLink: this.code,
      errorId: `oae${randomBytes(15).toString("base64url")}`,
      errorCauses: [],
    };
  }
}

const FIXES: Readonly<Record<string, string>> = {
  E0000004: "Sign in as a person of the partner's directory whose account is active.",
  access_denied: "Ask the partner's administrator to assign the application to the person.",
  invalid_client:
    "Compare partners.<partner>.tools.<tool>.clientId and the client secret in the vault with what the partner handed over.",
  invalid_grant: "Redeem each code once, within five minutes, with the redirect URI and verifier of the same sign-in.",
  invalid_request: "Ask the partner's administrator to register the tool's redirect URI, character by character.",
  invalid_scope:
    "Ask for openid, profile, email, groups and offline_access only; on a custom authorization server groups has to be added.",
  login_required: "Start a sign-in that may show a page (without prompt=none).",
};

/** What to change after a refusal, in one line. */
export function partnerFix(code: string): string {
  return FIXES[code] ?? "Ask the partner's administrator for the provider's system log.";
}
