import { notImplemented } from "../not-implemented.ts";
import { readCredentials } from "./client-auth.ts";
import { redeemDeviceCode } from "./device-grant.ts";
import { EntraError } from "./errors.ts";
import { formEndpoint } from "./form-endpoint.ts";
import type { EntraState } from "./state.ts";
import {
  clientCredentials,
  redeemCode,
  redeemRefreshToken,
  type TokenAnswer,
  type TokenRequest,
} from "./token-grants.ts";

type Grant = (state: EntraState, request: TokenRequest) => Promise<TokenAnswer>;

const GRANTS: Readonly<Record<string, Grant>> = {
  authorization_code: redeemCode,
  refresh_token: redeemRefreshToken,
  client_credentials: clientCredentials,
  "urn:ietf:params:oauth:grant-type:device_code": redeemDeviceCode,
  // Its short name, as the endpoint's first version has it.
  device_code: redeemDeviceCode,
};

/** Grants that Entra has and the emulator does not. */
const ABSENT_GRANTS = [
  "password",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "urn:ietf:params:oauth:grant-type:saml2-bearer",
];

/** `POST /{tenant}/oauth2/v2.0/token`. */
export function tokenEndpoint(state: EntraState) {
  return formEndpoint(state, async (c, { tenant, body, correlationId }) => {
    const grantType = body.get("grant_type");
    if (grantType === null) throw new EntraError(900144, { parameter: "grant_type" });
    if (ABSENT_GRANTS.includes(grantType)) return notImplemented(c, `the grant type ${grantType} at`);
    const grant = Object.hasOwn(GRANTS, grantType) ? GRANTS[grantType] : undefined;
    if (grant === undefined) throw new EntraError(70003, { grant: grantType });
    const credentials = readCredentials(body, c.req.header("authorization"));
    const origin = c.req.header("origin");
    const request = { tenant, body, credentials, correlationId, ...(origin === undefined ? {} : { origin }) };
    return c.json(await grant(state, request));
  });
}
