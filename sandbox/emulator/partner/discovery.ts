import { endpointsOf, type PartnerProvider } from "./provider.ts";
import { PARTNER_SCOPES } from "./scopes.ts";

/** The discovery document, as far as the endpoints are played: what is not here does not exist. */
export function partnerMetadata({ issuer, groupsClaim }: PartnerProvider): object {
  const { authorize, token, keys, userinfo, logout } = endpointsOf(issuer);
  return {
    issuer,
    authorization_endpoint: authorize,
    token_endpoint: token,
    userinfo_endpoint: userinfo,
    jwks_uri: keys,
    end_session_endpoint: logout,
    response_types_supported: ["code"],
    response_modes_supported: ["query", "form_post"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: PARTNER_SCOPES,
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    claims_supported: [
      "iss",
      "ver",
      "sub",
      "aud",
      "iat",
      "exp",
      "jti",
      "auth_time",
      "amr",
      "idp",
      "nonce",
      "name",
      "preferred_username",
      "email",
      "at_hash",
      groupsClaim,
    ],
    code_challenge_methods_supported: ["S256"],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  };
}
