import { type AadstsEntry, entry } from "./aadsts-entry.ts";

const FEDERATION_HINT =
  "Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation";

/** Errors about codes, refresh tokens and how the client proves itself. */
export const CLIENT_ERRORS: Readonly<Record<number, AadstsEntry>> = {
  // PKCE, codes and refresh tokens
  50147: entry(
    "invalid_request",
    400,
    "The size of the code challenge parameter isn't valid.",
    "Send the base64url SHA-256 of the verifier (43 characters) as code_challenge.",
  ),
  501481: entry(
    "invalid_grant",
    400,
    "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
    "Redeem the code with the verifier that belongs to this sign-in.",
  ),
  54005: entry(
    "invalid_grant",
    400,
    "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
    "Redeem each code once; start a new sign-in.",
  ),
  70000: entry(
    "invalid_grant",
    400,
    "Provided grant is invalid or malformed. The provided value for the input parameter '{parameter}' is not valid.",
    "Use a code or refresh token that was given to this client.",
  ),
  70008: entry(
    "invalid_grant",
    400,
    "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.",
    "Redeem the code within ten minutes; start a new sign-in.",
  ),
  700082: entry(
    "invalid_grant",
    400,
    "The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive for {lifetime}.",
    "Start a new sign-in.",
  ),
  700084: entry(
    "invalid_grant",
    400,
    "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of {lifetime}, which can't be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page. The token was issued on {issued}.",
    "Start a new sign-in; a single-page application's refresh token ends after 24 hours.",
  ),
  9002325: entry(
    "invalid_request",
    400,
    "Proof Key for Code Exchange is required for cross-origin authorization code redemption.",
    "Use PKCE, or register the redirect URI under Web if a server redeems the code.",
  ),
  9002326: entry(
    "invalid_request",
    400,
    "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '{origin}'.",
    "Register the redirect URI under SPA if a browser redeems the code.",
  ),
  9002327: entry(
    "invalid_request",
    400,
    "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
    "Register the redirect URI under Web if a server redeems the code.",
  ),

  // How the client proves itself
  7000215: entry(
    "invalid_client",
    401,
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{client}'.",
    "Send the secret's value (not its id), or use the federated assertion.",
  ),
  7000218: entry(
    "invalid_client",
    401,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    "Let the tool send its federated assertion (or its secret): a Web redirect URI belongs to a confidential client.",
  ),
  7000222: entry(
    "invalid_client",
    401,
    "The provided client secret keys for app '{client}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
    "Run an update, so that the secret calendar rotates the secret.",
  ),
  700025: entry(
    "invalid_client",
    401,
    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    "Do not send a secret or an assertion from a public client or single-page application.",
  ),
  50027: entry(
    "invalid_client",
    401,
    "JWT token is invalid or malformed.",
    "Send the projected service-account token unchanged as client_assertion.",
  ),
  50166: entry(
    "invalid_client",
    401,
    "Request to External OIDC endpoint failed. {details}",
    "Make the issuer's discovery document and keys readable without authentication.",
  ),
  700024: entry(
    "invalid_client",
    401,
    "Client assertion is not within its valid time range. Current time: {now}, assertion valid from {from}, expiry time of assertion {until}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials.",
    "Read the projected token file anew at every request: it rotates.",
  ),
  500133: entry(
    "invalid_client",
    401,
    "Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token. Current time: {now}, assertion valid from {from}.",
    "Set the clocks of the cluster and of this machine to the same time.",
  ),
  700027: entry(
    "invalid_client",
    401,
    "Client assertion contains an invalid signature. [Reason - {reason}]",
    "Use a token that the federated issuer itself signed with RS256, after its last key rotation.",
  ),
  700211: entry(
    "invalid_client",
    401,
    `No matching federated identity record found for presented assertion issuer '{issuer}'. ${FEDERATION_HINT}`,
    "Set the federated credential's issuer to the cluster's issuer, exactly.",
  ),
  700212: entry(
    "invalid_client",
    401,
    `No matching federated identity record found for presented assertion audience '{audience}'. ${FEDERATION_HINT}`,
    "Project the token with the federated credential's audience, api://AzureADTokenExchange.",
  ),
  700213: entry(
    "invalid_client",
    401,
    `No matching federated identity record found for presented assertion subject '{subject}'. ${FEDERATION_HINT}`,
    "Use the service account that the federated credential names (system:serviceaccount:<namespace>:<name>).",
  ),
  7002138: entry(
    "invalid_client",
    401,
    "No matching federated identity record found for presented assertion {part} '{value}'. The {part} matches with case-insensitive comparison, but not with case-sensitive comparison. https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
    "Write the federated credential's {part} in exactly the case of the assertion.",
  ),
  50049: entry(
    "invalid_instance",
    400,
    "Unknown or invalid instance.",
    "Use https://login.microsoftonline.com as the authority's host.",
  ),
};
