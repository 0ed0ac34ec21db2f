import { findClient } from "./clients.ts";
import { DEVICE_CODE_LIFETIME } from "./device-codes.ts";
import { formEndpoint, required } from "./form-endpoint.ts";
import { parseScopes } from "./scopes.ts";
import type { EntraState } from "./state.ts";
import { LOGIN } from "./tenant.ts";

/**
 * Where the person enters the code. In the public cloud this is https://microsoft.com/devicelogin, which leads to the same page;
 * the sandbox serves the sign-in host alone, and so names the page itself.
 */
export const DEVICE_PAGE = "/common/oauth2/deviceauth";
/** Seconds between two questions of a device. */
const INTERVAL = 5;

/**
 * `POST /{tenant}/oauth2/v2.0/devicecode`: gives a device its code and the person theirs
 * (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code, RFC 8628 3.1). Whether the client may have the
 * tokens is decided when it asks for them.
 */
export function deviceCodeEndpoint(state: EntraState) {
  return formEndpoint(state, (c, { tenant, body, correlationId }) => {
    const { data } = state.context.store;
    const client = findClient(data, required(body, "client_id"), tenant);
    const scopes = parseScopes(data, client, body.get("scope") ?? undefined);
    const clientId = client.application.appId;
    const { deviceCode, userCode } = state.deviceCodes.issue({ clientId, scopes, correlationId });
    const page = `${LOGIN}${DEVICE_PAGE}`;
    return c.json({
      user_code: userCode,
      device_code: deviceCode,
      verification_uri: page,
      expires_in: DEVICE_CODE_LIFETIME,
      interval: INTERVAL,
      message: `To sign in, use a web browser to open the page ${page} and enter the code ${userCode} to authenticate.`,
    });
  });
}
