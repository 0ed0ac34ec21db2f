import { PartnerError } from "./errors.ts";

/**
 * The scopes of a provider. `groups` is one of the organisation's own server; on a custom authorization server the
 * partner's administrator adds it (docs/partners.md asks for it), so the sandbox knows it in both places.
 */
export const PARTNER_SCOPES = ["openid", "profile", "email", "groups", "offline_access"];

/** Throws `invalid_scope` for one that is unknown, and for a sign-in without `openid`. */
export function readPartnerScopes(text: string | null): string[] {
  const scopes = [...new Set((text ?? "").split(" ").filter((scope) => scope !== ""))];
  if (scopes.some((scope) => !PARTNER_SCOPES.includes(scope)))
    throw new PartnerError(
      "invalid_scope",
      "One or more scopes are not configured for the authorization server resource.",
    );
  if (!scopes.includes("openid"))
    throw new PartnerError("invalid_scope", "The 'openid' scope is required: the sandbox plays sign-ins only.");
  return scopes;
}
