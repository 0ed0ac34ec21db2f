import * as azure from "@pulumi/azure-native/provider.js";
import * as azuread from "@pulumi/azuread/provider.js";
import * as kubernetes from "@pulumi/kubernetes/provider.js";
import type { Output, ProviderResource } from "@pulumi/pulumi";
import * as random from "@pulumi/random/provider.js";
import * as tls from "@pulumi/tls/provider.js";
import type { Settings } from "../model/index.ts";

/** The providers of a stack, one per account; components hand them down to what they create. The cluster's own stands apart. */
export function createProviders({ tenantId, subscriptionId }: Settings): ProviderResource[] {
  return [
    new azuread.Provider("entra", { tenantId }),
    new azure.Provider("azure", { tenantId, subscriptionId }),
    new random.Provider("random"),
    new tls.Provider("tls"),
  ];
}

/**
 * The provider of the cluster.
 * @param kubeconfig of a cluster that the stack itself makes; else the context that the settings name is taken
 */
export function createClusterProvider({ cluster }: Settings, kubeconfig: Output<string> | undefined): ProviderResource {
  return new kubernetes.Provider("cluster", kubeconfig === undefined ? { context: cluster.context } : { kubeconfig });
}
