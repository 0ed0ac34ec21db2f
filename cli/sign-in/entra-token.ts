import { deployerClientId } from "../../sandbox/emulator/seed.ts";
import type { SandboxLayout } from "../../sandbox/layout.ts";
import { localSecret } from "../../sandbox/secrets.ts";
import type { SandboxFetch } from "./network.ts";
import { entraRefusal } from "./refused.ts";

/** Audience of a token that Entra accepts as a federated credential (public cloud). */
export const TOKEN_EXCHANGE = "api://AzureADTokenExchange";

/** A federated assertion as the token request carries it. */
export function assertionParameters(assertion: string): Record<string, string> {
  return {
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  };
}

/**
 * A program's own access token (client credentials).
 * @param resource for example `https://vault.azure.net`
 * @throws SignInRefused
 */
export async function programToken(
  fetch: SandboxFetch,
  tenantId: string,
  client: { readonly clientId: string; readonly proof: Readonly<Record<string, string>> },
  resource: string,
): Promise<string> {
  const response = await fetch(`https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: client.clientId,
      scope: `${resource}/.default`,
      ...client.proof,
    }).toString(),
  });
  const body = (await response.json()) as { access_token?: string; error_description?: string };
  if (body.access_token === undefined)
    throw entraRefusal({ text: body.error_description ?? JSON.stringify(body) }, { client: client.clientId });
  return body.access_token;
}

/** A token of who runs `pulumi up` in the sandbox. */
export function deployerToken(
  fetch: SandboxFetch,
  layout: SandboxLayout,
  tenantId: string,
  resource: string,
): Promise<string> {
  const proof = { client_secret: localSecret(layout, "deployer").value };
  return programToken(fetch, tenantId, { clientId: deployerClientId(tenantId), proof }, resource);
}
