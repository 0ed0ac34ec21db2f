/** Resource types in the spelling that Azure Resource Manager answers with. */
export const VAULT_TYPE = "Microsoft.KeyVault/vaults";
export const STORAGE_ACCOUNT_TYPE = "Microsoft.Storage/storageAccounts";
export const BLOB_SERVICE_TYPE = `${STORAGE_ACCOUNT_TYPE}/blobServices` as const;
export const BLOB_CONTAINER_TYPE = `${BLOB_SERVICE_TYPE}/containers` as const;
export const IDENTITY_TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities";
export const FEDERATED_CREDENTIAL_TYPE = `${IDENTITY_TYPE}/federatedIdentityCredentials`;
export const DATABRICKS_TYPE = "Microsoft.Databricks/workspaces";
export const LOG_WORKSPACE_TYPE = "Microsoft.OperationalInsights/workspaces";
export const DIAGNOSTIC_SETTING_TYPE = "Microsoft.Insights/diagnosticSettings";
export const SECURITY_GROUP_TYPE = "Microsoft.Network/networkSecurityGroups";
export const PUBLIC_ADDRESS_TYPE = "Microsoft.Network/publicIPAddresses";
export const NAT_GATEWAY_TYPE = "Microsoft.Network/natGateways";
export const VIRTUAL_NETWORK_TYPE = "Microsoft.Network/virtualNetworks";
export const SUBNET_TYPE = `${VIRTUAL_NETWORK_TYPE}/subnets`;
