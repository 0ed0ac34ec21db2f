import * as azure from "@pulumi/azure-native/provider.js";
import * as azuread from "@pulumi/azuread/provider.js";
import * as kubernetes from "@pulumi/kubernetes/provider.js";
import type { ProviderResource } from "@pulumi/pulumi";
import * as random from "@pulumi/random/provider.js";
import * as tls from "@pulumi/tls/provider.js";
import type { Settings } from "../model/index.ts";

/** The providers of a stack, one per account; components hand them down to what they create. */
export function createProviders({ tenantId, subscriptionId, cluster }: Settings): ProviderResource[] {
  return [
    new azuread.Provider("entra", { tenantId }),
    new azure.Provider("azure", { tenantId, subscriptionId }),
    new kubernetes.Provider("cluster", { context: cluster.context }),
    new random.Provider("random"),
    new tls.Provider("tls"),
  ];
}
