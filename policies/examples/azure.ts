import type { Example } from "./example.ts";

/** Registrations that break exactly one of the Azure rules each. */
export const azureExamples: Readonly<Record<string, readonly Example[]>> = {
  "kv-guarded": [
    {
      type: "azure-native:keyvault:Vault",
      name: "vault",
      props: {
        resourceGroupName: "rg-data",
        vaultName: "kv-example",
        location: "westeurope",
        properties: {
          tenantId: "11111111-2222-4333-8444-555555555555",
          sku: { family: "A", name: "standard" },
          enableRbacAuthorization: true,
          enablePurgeProtection: false,
        },
      },
    },
  ],
};
