/**
 * A type token without its API version, so that one spelling serves every version of a resource:
 * `azure-native:keyvault/v20241101:Vault` → `azure-native:keyvault:Vault`, `kubernetes:apps/v1:Deployment` →
 * `kubernetes:apps:Deployment`. Tokens of bridged providers (`azuread:index/application:Application`) have none and stay.
 */
export function unversioned(type: string): string {
  return type.replace(/\/v\d[a-z0-9]*(?=:)/, "");
}

/** Whether a resource's type is one of a rule's types; `kubernetes:*` stands for everything of that package. */
export function isOneOf(type: string, wanted: readonly string[]): boolean {
  const plain = unversioned(type);
  return wanted.some((one) => (one.endsWith(":*") ? plain.startsWith(one.slice(0, -1)) : one === plain));
}
