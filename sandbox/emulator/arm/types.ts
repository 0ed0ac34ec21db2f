/** Resource types in the spelling that Azure Resource Manager answers with. */
export const VAULT_TYPE = "Microsoft.KeyVault/vaults";
export const IDENTITY_TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities";
export const FEDERATED_CREDENTIAL_TYPE = `${IDENTITY_TYPE}/federatedIdentityCredentials`;
