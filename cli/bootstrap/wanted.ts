import { stableId } from "../../model/index.ts";

/** Who may use the state: a person or a program, by object id. */
export interface StateUser {
  readonly objectId: string;
  readonly type: "User" | "ServicePrincipal";
}

/** What the state of one environment is made for. */
export interface StateArgs {
  readonly environment: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** Azure region, short name. */
  readonly location: string;
  /** Everybody who deploys: they write the state and use its key. */
  readonly users: readonly StateUser[];
}

/** One thing that has to be there, as Azure Resource Manager takes it. */
export interface Wanted {
  /** How the plan calls it. */
  readonly what: string;
  /** Resource id: path of the PUT and of the GET before it. */
  readonly id: string;
  readonly apiVersion: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Made once and never compared again: Azure answers a second write with what is there. */
  readonly once?: boolean;
  /** A role assignment, which may be there under another name. */
  readonly assignment?: { readonly scope: string; readonly role: string; readonly principalId: string };
}

const RESOURCES = "2024-03-01";
const STORAGE = "2024-01-01";
const KEY_VAULT = "2024-11-01";
/** In which role assignments are read and written. */
export const AUTHORIZATION = "2022-04-01";
/** In which resource providers are read and registered. */
export const PROVIDERS = RESOURCES;

/** Providers that a fresh subscription has not registered, and that Azure's REST API does not register by itself. */
export const NAMESPACES = ["Microsoft.KeyVault", "Microsoft.ManagedIdentity", "Microsoft.Storage"] as const;

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const ROLES = {
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  "Key Vault Crypto User": "12338af0-0e69-4776-bea7-57ae8d297424",
} as const;

/** Days for which overwritten and deleted states, and the vault, can be brought back. */
const KEPT_DAYS = { blobs: 30, vault: 90 } as const;
const CONTAINER = "pulumi";
const KEY = "pulumi";

/** The names of an environment's state. Account and vault are unique in all of Azure, so digits follow from subscription and environment. */
export function stateNames({ environment, subscriptionId }: Pick<StateArgs, "environment" | "subscriptionId">) {
  const digits = stableId("state", subscriptionId.toLowerCase(), environment).slice(0, 8);
  return {
    group: `rg-entrada-state-${environment}`,
    account: `st${environment.replaceAll("-", "").slice(0, 14)}${digits}`,
    vault: `kv-${environment.slice(0, 9).replace(/-+$/, "")}-st${digits}`,
    container: CONTAINER,
    key: KEY,
  };
}

/** Everything that keeps an environment's state, in the order in which it is made. */
export function wantedState(args: StateArgs): Wanted[] {
  const names = stateNames(args);
  const group = `/subscriptions/${args.subscriptionId}/resourceGroups/${names.group}`;
  const account = `${group}/providers/Microsoft.Storage/storageAccounts/${names.account}`;
  const blobs = `${account}/blobServices/default`;
  const container = `${blobs}/containers/${names.container}`;
  const vault = `${group}/providers/Microsoft.KeyVault/vaults/${names.vault}`;
  const key = `${vault}/keys/${names.key}`;
  const kept = { enabled: true, days: KEPT_DAYS.blobs };
  return [
    { what: `resource group ${names.group}`, id: group, apiVersion: RESOURCES, body: { location: args.location } },
    {
      what: `storage account ${names.account}, opened by Entra alone`,
      id: account,
      apiVersion: STORAGE,
      body: {
        location: args.location,
        kind: "StorageV2",
        sku: { name: "Standard_ZRS" },
        properties: {
          allowSharedKeyAccess: false,
          allowBlobPublicAccess: false,
          allowCrossTenantReplication: false,
          defaultToOAuthAuthentication: true,
          isLocalUserEnabled: false,
          minimumTlsVersion: "TLS1_2",
          supportsHttpsTrafficOnly: true,
          // Hosted runners have no fixed addresses. Who comes in still needs a token of Entra and a role.
          publicNetworkAccess: "Enabled",
        },
      },
    },
    {
      what: `versions of every blob, and ${KEPT_DAYS.blobs} days to bring back what was deleted`,
      id: blobs,
      apiVersion: STORAGE,
      body: {
        properties: { isVersioningEnabled: true, deleteRetentionPolicy: kept, containerDeleteRetentionPolicy: kept },
      },
    },
    {
      what: `container ${names.container}`,
      id: container,
      apiVersion: STORAGE,
      body: { properties: { publicAccess: "None" } },
    },
    {
      what: `vault ${names.vault}, which nobody can purge for ${KEPT_DAYS.vault} days`,
      id: vault,
      apiVersion: KEY_VAULT,
      body: {
        location: args.location,
        properties: {
          tenantId: args.tenantId,
          sku: { family: "A", name: "standard" },
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          softDeleteRetentionInDays: KEPT_DAYS.vault,
          enablePurgeProtection: true,
          publicNetworkAccess: "Enabled",
        },
      },
    },
    {
      what: `key ${names.key}, which encrypts the secrets in the state`,
      id: key,
      apiVersion: KEY_VAULT,
      body: { properties: { kty: "RSA", keySize: 3072, keyOps: ["encrypt", "decrypt"] } },
      once: true,
    },
    ...args.users.flatMap((user) => [
      assignment(args, container, "Storage Blob Data Contributor", user),
      assignment(args, key, "Key Vault Crypto User", user),
    ]),
  ];
}

function assignment(args: StateArgs, scope: string, roleName: keyof typeof ROLES, user: StateUser): Wanted {
  const role = ROLES[roleName];
  const name = stableId("state-role", scope.toLowerCase(), role, user.objectId);
  return {
    what: `${roleName} for ${user.type === "User" ? "the person" : "the program"} ${user.objectId}, on the ${scope.includes("/keys/") ? "key" : "container"}`,
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    apiVersion: AUTHORIZATION,
    body: {
      properties: {
        roleDefinitionId: `/subscriptions/${args.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
        principalId: user.objectId,
        principalType: user.type,
      },
    },
    assignment: { scope, role, principalId: user.objectId },
  };
}
