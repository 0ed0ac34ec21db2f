/** Type in a URN, without those of its parents. @example "azuread:index/group:Group" */
export function resourceType(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

export function resourceName(urn: string): string {
  return urn.split("::").slice(3).join("::") || urn;
}

/** What readers call a resource of this type. @example "Group" */
export function kindName(type: string): string {
  const words = KINDS[type];
  return words ?? type.split(":").at(-1) ?? type;
}

/** Entra and Azure before Kubernetes, then by kind and name: the engine's own order differs from run to run. */
const PACKAGES = ["azuread", "azure-native", "databricks", "kubernetes"];

export function byPlace(
  one: { readonly type: string; readonly name: string },
  other: { readonly type: string; readonly name: string },
): number {
  const place = ({ type }: { readonly type: string }) => {
    const index = PACKAGES.indexOf(type.split(":")[0] ?? "");
    return index < 0 ? PACKAGES.length : index;
  };
  const text = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);
  return place(one) - place(other) || text(kindName(one.type), kindName(other.type)) || text(one.name, other.name);
}

/** Kinds that never change in place: a replacement is how they are updated, and takes nothing away. */
const ROUTINE: ReadonlySet<string> = new Set(["kubernetes:core/v1:ConfigMap", "kubernetes:batch/v1:Job"]);

export function isRoutine(type: string): boolean {
  return ROUTINE.has(type);
}

/** Kinds whose type says too little. */
const KINDS: Readonly<Record<string, string>> = {
  "azuread:index/application:Application": "App registration",
  "azuread:index/servicePrincipal:ServicePrincipal": "Enterprise application",
  "azuread:index/appRoleAssignment:AppRoleAssignment": "Role assignment in Entra",
  "azuread:index/applicationPassword:ApplicationPassword": "Client secret",
  "azuread:index/group:Group": "Entra group",
  "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy": "Conditional Access policy",
  "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": "Federated credential",
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant":
    "Consent to sign-in",
  "azuread:index/namedLocation:NamedLocation": "Named location",
  "azure-native:managedidentity:UserAssignedIdentity": "Managed identity",
  "azure-native:managedidentity:FederatedIdentityCredential": "Federated credential of an identity",
  "random:index/randomPassword:RandomPassword": "Random secret",
  "random:index/randomBytes:RandomBytes": "Random secret",
  "azure-native:authorization:RoleAssignment": "Role assignment in Azure",
  "azure-native:keyvault:Vault": "Key vault",
  "azure-native:keyvault:Secret": "Vault secret",
};

/**
 * What cannot be made again as it was: secrets and data are gone with it, and a new app registration gives everybody another
 * identifier (`sub`) in the tool. https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
 */
const IRREPLACEABLE: readonly RegExp[] = [
  /^azuread:index\/application:Application$/,
  /^azure-native:keyvault(\/[^:]+)?:Vault$/,
  /^azure-native:dbforpostgresql(\/[^:]+)?:(Server|FlexibleServer|Database)$/,
  /^azure-native:databricks(\/[^:]+)?:Workspace$/,
  /^azure-native:storage(\/[^:]+)?:(StorageAccount|BlobContainer)$/,
];

export function isIrreplaceable(type: string): boolean {
  return IRREPLACEABLE.some((pattern) => pattern.test(type));
}
