import type { Context } from "hono";

/**
 * `GET /metadata/endpoints` of management.azure.com: how the azuread and azure-native plugins and the Azure CLI find a
 * cloud's hosts. The sandbox answers as the public cloud, because it stands under the public cloud's names.
 */
export function metadataEndpoints() {
  return (c: Context): Response => c.json(DOCUMENT);
}

const DOCUMENT = {
  name: "AzureCloud",
  portal: "https://portal.azure.com",
  authentication: {
    loginEndpoint: "https://login.microsoftonline.com",
    audiences: ["https://management.core.windows.net/", "https://management.azure.com/"],
    tenant: "common",
    identityProvider: "AAD",
  },
  resourceManager: "https://management.azure.com/",
  microsoftGraphResourceId: "https://graph.microsoft.com/",
  graph: "https://graph.windows.net/",
  graphAudience: "https://graph.windows.net/",
  suffixes: { keyVaultDns: "vault.azure.net", storage: "core.windows.net" },
};
