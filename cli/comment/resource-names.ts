/** Type in a URN, without those of its parents. @example "azuread:index/group:Group" */
export function resourceType(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

export function resourceName(urn: string): string {
  return urn.split("::").slice(3).join("::") || urn;
}

/** Without the API version that azure-native's types may name. @example "azure-native:dbforpostgresql:Server" */
function unversioned(type: string): string {
  return type.replace(/\/v\d\w*(?=:)/, "");
}

/** What readers call a resource of this type. @example "Entra group" */
export function kindName(type: string): string {
  return KINDS[unversioned(type)] ?? type.split(":").at(-1) ?? type;
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
  "azure-native:containerservice:ManagedCluster": "AKS cluster",
  "azure-native:databricks:Workspace": "Databricks workspace",
  "azure-native:dbforpostgresql:Database": "PostgreSQL database",
  "azure-native:dbforpostgresql:Server": "PostgreSQL server",
  "azure-native:dns:Zone": "DNS zone",
  "azure-native:operationalinsights:Workspace": "Log Analytics workspace",
  "azure-native:resources:ResourceGroup": "Resource group",
  "azure-native:authorization:RoleAssignment": "Role assignment in Azure",
  "azure-native:keyvault:Vault": "Key vault",
  "azure-native:keyvault:Secret": "Vault secret",
};

/**
 * What cannot be made again as it was: secrets, data and logs are gone with it (and with a resource group everything in it), a new app
 * registration gives everybody another identifier (`sub`) in the tool, a new cluster another issuer of tokens, a new zone other name
 * servers. https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
 */
const IRREPLACEABLE: ReadonlySet<string> = new Set([
  "azuread:index/application:Application",
  "azure-native:containerservice:ManagedCluster",
  "azure-native:databricks:Workspace",
  "azure-native:dbforpostgresql:Database",
  "azure-native:dbforpostgresql:Server",
  "azure-native:dns:Zone",
  "azure-native:keyvault:Vault",
  "azure-native:operationalinsights:Workspace",
  "azure-native:resources:ResourceGroup",
  "azure-native:storage:BlobContainer",
  "azure-native:storage:StorageAccount",
]);

export function isIrreplaceable(type: string): boolean {
  return IRREPLACEABLE.has(unversioned(type));
}
