/** Where Entra signs people in and gives tokens (public cloud). */
export const ENTRA_HOSTS: readonly string[] = ["login.microsoftonline.com"];

/** Microsoft Graph. */
export const GRAPH_HOSTS: readonly string[] = ["graph.microsoft.com"];

/** A vault, for pods that read it themselves. Mounted secrets need nothing: the node's driver fetches them. */
export function vaultHosts(vaultName: string): readonly string[] {
  return [`${vaultName}.vault.azure.net`];
}
