import { keptLogs } from "./aks.ts";
import type { Example } from "./example.ts";

const place = { resourceGroupName: "rg-data", location: "westeurope" };

/** A vault that meets every rule, but for what is changed in its properties. */
export function vault(changes: Readonly<Record<string, unknown>> = {}): Example {
  return {
    type: "azure-native:keyvault:Vault",
    name: "vault",
    props: {
      ...place,
      vaultName: "kv-example",
      properties: {
        tenantId: "11111111-2222-4333-8444-555555555555",
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        enablePurgeProtection: true,
        publicNetworkAccess: "disabled",
        ...changes,
      },
    },
  };
}

/** Resources that break exactly one of the rules about networks and vaults each. */
export const networkExamples: Readonly<Record<string, readonly Example[]>> = {
  "kv-guarded": [vault({ enablePurgeProtection: false }), keptLogs("vault", "AuditEvent")],
  "kv-doors-closed": [vault({ enabledForTemplateDeployment: true }), keptLogs("vault", "AuditEvent")],
  "nsg-no-open-ports": [
    {
      type: "azure-native:network:NetworkSecurityGroup",
      name: "rules",
      props: {
        ...place,
        networkSecurityGroupName: "nsg-example",
        securityRules: [
          {
            name: "ssh",
            access: "Allow",
            direction: "Inbound",
            protocol: "Tcp",
            priority: 100,
            sourceAddressPrefix: "Internet",
            sourcePortRange: "*",
            destinationAddressPrefix: "*",
            destinationPortRange: "22",
          },
        ],
      },
    },
  ],
  "subnet-guarded": [
    {
      type: "azure-native:network:Subnet",
      name: "subnet",
      props: {
        resourceGroupName: "rg-data",
        virtualNetworkName: "vnet-example",
        subnetName: "nodes",
        addressPrefix: "10.20.0.0/24",
        networkSecurityGroup: {
          id: "/subscriptions/41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17/resourceGroups/rg-data/providers/Microsoft.Network/networkSecurityGroups/nsg-example",
        },
      },
    },
  ],
  "private-endpoints-complete": [
    vault(),
    keptLogs("vault", "AuditEvent"),
    {
      type: "azure-native:network:PrivateEndpoint",
      name: "vault-endpoint",
      props: {
        ...place,
        privateEndpointName: "pe-example",
        subnet: {
          id: "/subscriptions/41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17/resourceGroups/rg-data/providers/Microsoft.Network/virtualNetworks/vnet-example/subnets/endpoints",
        },
        privateLinkServiceConnections: [{ name: "vault", groupIds: ["vault"] }],
      },
      refs: { "privateLinkServiceConnections.0.privateLinkServiceId": "vault" },
    },
  ],
};
