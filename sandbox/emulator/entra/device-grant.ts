import { proveClient } from "./client-auth.ts";
import { findClient } from "./clients.ts";
import { required } from "./form-endpoint.ts";
import type { EntraState } from "./state.ts";
import { checkOrigin, personAnswer, type TokenAnswer, type TokenRequest } from "./token-grants.ts";

/**
 * `grant_type=urn:ietf:params:oauth:grant-type:device_code` (RFC 8628 3.4). A client that is registered as a public one needs
 * no proof; any other has to prove itself, as in Entra (AADSTS7000218).
 */
export async function redeemDeviceCode(state: EntraState, request: TokenRequest): Promise<TokenAnswer> {
  const { body, credentials, origin } = request;
  const client = findClient(state.context.store.data, credentials.clientId, request.tenant);
  const deviceCode = required(body, "device_code");
  const signIn = state.deviceCodes.read(deviceCode, credentials.clientId);
  checkOrigin(signIn.platform, origin);
  const proof = await proveClient(state.context, client.application, credentials, signIn.platform);
  state.deviceCodes.spend(deviceCode, credentials.clientId);
  return personAnswer(state, client, proof, signIn, body);
}
