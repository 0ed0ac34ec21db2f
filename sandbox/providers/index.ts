import { azureNativeProvider } from "./azure-native/provider.ts";
import { azureadProvider } from "./azuread/provider.ts";
import { databricksProvider } from "./databricks/provider.ts";
import { proxiedHttp } from "./http/http.ts";
import { serveProvider } from "./protocol/serve.ts";
import type { ProviderImplementation, ServedProvider } from "./protocol/types.ts";
import { randomProvider } from "./random/provider.ts";
import { tlsProvider } from "./tls/provider.ts";

export interface ProvidersOptions {
  /** The sandbox's CONNECT proxy, `http://127.0.0.1:<port>`. */
  readonly proxyUrl: string;
  /** The sandbox's own CA, the only one that is trusted. */
  readonly caFile: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** The service principal that the stand-ins sign in as. */
  readonly deployer: { readonly clientId: string; readonly clientSecret: string };
  /** Further stand-ins to serve beside these (kubernetes). */
  readonly others?: readonly ProviderImplementation[];
}

export interface StartedProviders {
  readonly served: readonly ServedProvider[];
  /** For `find`, by package name. */
  readonly implementations: ReadonlyMap<string, ProviderImplementation>;
  /** The value of PULUMI_DEBUG_PROVIDERS. */
  readonly debugProviders: string;
  close(): Promise<void>;
}

/** Serves the stand-ins for azuread, azure-native, databricks, random and tls, each on its own free port of 127.0.0.1. */
export async function startProviders(options: ProvidersOptions): Promise<StartedProviders> {
  const { proxyUrl, caFile, tenantId, subscriptionId, deployer, others = [] } = options;
  const connection = proxiedHttp({ proxyUrl, caFile });
  const { http } = connection;
  const credentials = { tenantId, ...deployer };
  const implementations = [
    azureadProvider(http, credentials),
    azureNativeProvider({ http, credentials, subscriptionId }),
    databricksProvider(http, credentials),
    randomProvider(),
    tlsProvider(),
    ...others,
  ];
  const served = await Promise.all(implementations.map(serveProvider));
  return {
    served,
    implementations: new Map(implementations.map((implementation) => [implementation.name, implementation])),
    debugProviders: served.map(({ name, port }) => `${name}:${port}`).join(","),
    close: async () => {
      await Promise.all(served.map((provider) => provider.close()));
      await connection.close();
    },
  };
}
