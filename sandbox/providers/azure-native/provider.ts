import { createApi } from "../http/api.ts";
import type { Http } from "../http/http.ts";
import { type Credentials, claimOf, clientCredentials } from "../http/token.ts";
import { createLocks } from "../locks.ts";
import { type ProviderImplementation, Secret } from "../protocol/types.ts";
import { fromJson } from "../read-values.ts";
import { implement } from "../resource.ts";
import { ARM, type ArmContext } from "./arm.ts";
import { databricksWorkspace, diagnosticSetting, logWorkspace } from "./databricks-types.ts";
import { budget, entraDiagnosticSetting, managementLock } from "./guard-types.ts";
import { armKind } from "./kind.ts";
import { natGateway, networkSecurityGroup, publicIPAddress, subnet, virtualNetwork } from "./network-types.ts";
import {
  agentPool,
  dnsZone,
  maintenanceConfiguration,
  managedCluster,
  postgresAdministrator,
  postgresConfiguration,
  postgresDatabase,
  postgresServer,
  privateEndpoint,
  privateZone,
  privateZoneGroup,
  privateZoneLink,
  recordSet,
  redisDatabase,
  redisServer,
} from "./platform-types.ts";
import { blobServiceProperties, storageAccount } from "./storage-types.ts";
import { federatedIdentityCredential, resourceGroup, roleAssignment, userAssignedIdentity, vault } from "./types.ts";
import { vaultSecret } from "./vault-secret.ts";

/** The version of the SDK that the program uses. */
const VERSION = "3.28.0";
/** The audience of every vault's tokens. */
const VAULT = "https://vault.azure.net";

export interface AzureNativeOptions {
  readonly http: Http;
  readonly credentials: Credentials;
  readonly subscriptionId: string;
  /** For tests: waits for real by default. */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

/** Stands in for the azure-native plugin: the same resources, over the same requests to Azure Resource Manager and Key Vault. */
export function azureNativeProvider({
  http,
  credentials,
  subscriptionId,
  sleep,
}: AzureNativeOptions): ProviderImplementation {
  let location: string | undefined;
  const token = clientCredentials(http, credentials, ARM);
  const context: ArmContext = {
    api: createApi({ http, token, base: ARM, sleep }),
    vault: createApi({ http, token: clientCredentials(http, credentials, VAULT), base: VAULT, sleep }),
    subscriptionId,
    defaultLocation: () => location,
    sleep,
  };
  const locks = createLocks();
  return implement({
    name: "azure-native",
    version: VERSION,
    kinds: {
      "azure-native:aadiam:DiagnosticSetting": armKind(context, locks, entraDiagnosticSetting),
      "azure-native:authorization:ManagementLockByScope": armKind(context, locks, managementLock),
      "azure-native:authorization:RoleAssignment": armKind(context, locks, roleAssignment),
      "azure-native:consumption:Budget": armKind(context, locks, budget),
      "azure-native:containerservice:AgentPool": armKind(context, locks, agentPool),
      "azure-native:containerservice:MaintenanceConfiguration": armKind(context, locks, maintenanceConfiguration),
      "azure-native:containerservice:ManagedCluster": armKind(context, locks, managedCluster),
      "azure-native:databricks:Workspace": armKind(context, locks, databricksWorkspace),
      "azure-native:dbforpostgresql:AdministratorsMicrosoftEntra": armKind(context, locks, postgresAdministrator),
      "azure-native:dbforpostgresql:Configuration": armKind(context, locks, postgresConfiguration),
      "azure-native:dbforpostgresql:Database": armKind(context, locks, postgresDatabase),
      "azure-native:dbforpostgresql:Server": armKind(context, locks, postgresServer),
      "azure-native:dns:RecordSet": armKind(context, locks, recordSet),
      "azure-native:dns:Zone": armKind(context, locks, dnsZone),
      "azure-native:keyvault:Secret": armKind(context, locks, vaultSecret),
      "azure-native:keyvault:Vault": armKind(context, locks, vault),
      "azure-native:managedidentity:FederatedIdentityCredential": armKind(context, locks, federatedIdentityCredential),
      "azure-native:managedidentity:UserAssignedIdentity": armKind(context, locks, userAssignedIdentity),
      "azure-native:monitor:DiagnosticSetting": armKind(context, locks, diagnosticSetting),
      "azure-native:network:NatGateway": armKind(context, locks, natGateway),
      "azure-native:network:NetworkSecurityGroup": armKind(context, locks, networkSecurityGroup),
      "azure-native:network:PrivateDnsZoneGroup": armKind(context, locks, privateZoneGroup),
      "azure-native:network:PrivateEndpoint": armKind(context, locks, privateEndpoint),
      "azure-native:network:PublicIPAddress": armKind(context, locks, publicIPAddress),
      "azure-native:network:Subnet": armKind(context, locks, subnet),
      "azure-native:network:VirtualNetwork": armKind(context, locks, virtualNetwork),
      "azure-native:operationalinsights:Workspace": armKind(context, locks, logWorkspace),
      "azure-native:privatedns:PrivateZone": armKind(context, locks, privateZone),
      "azure-native:privatedns:VirtualNetworkLink": armKind(context, locks, privateZoneLink),
      "azure-native:redisenterprise:Database": armKind(context, locks, redisDatabase),
      "azure-native:redisenterprise:RedisEnterprise": armKind(context, locks, redisServer),
      "azure-native:resources:ResourceGroup": armKind(context, locks, resourceGroup),
      "azure-native:storage:BlobServiceProperties": armKind(context, locks, blobServiceProperties),
      "azure-native:storage:StorageAccount": armKind(context, locks, storageAccount),
    },
    functions: {
      "azure-native:containerservice:listManagedClusterUserCredentials": async (args) => {
        const { resourceGroupName, resourceName } = args;
        const id = managedCluster.id({ resourceGroupName, resourceName }, subscriptionId);
        const query = `api-version=${managedCluster.apiVersion}&format=${String(args.format ?? "azure")}`;
        const { body } = await context.api.call("POST", `${id}/listClusterUserCredential?${query}`);
        return { kubeconfigs: new Secret(fromJson(body.kubeconfigs) ?? []) };
      },
      "azure-native:authorization:getClientConfig": async () => ({
        clientId: credentials.clientId,
        objectId: claimOf(await token(), "oid"),
        subscriptionId,
        tenantId: credentials.tenantId,
      }),
    },
    configure: async (config) => {
      for (const [name, own] of [
        ["tenantId", credentials.tenantId],
        ["subscriptionId", subscriptionId],
      ] as const) {
        const asked = config[name];
        if (typeof asked === "string" && asked !== own)
          throw new Error(
            `The program's ${name} is ${asked}; the sandbox's only one is ${own}. Set entrada:${name} to it.`,
          );
      }
      location = typeof config.location === "string" ? config.location : undefined;
    },
  });
}
