/**
 * Plays an official plugin: an executable `pulumi-resource-<name>` that the engine starts, and that knows nothing but its
 * environment. It serves the sandbox's stand-in and writes into the file PLAYED_PLUGINS that it was started.
 */
import { appendFileSync } from "node:fs";
import { loadSettings, stackFile } from "../../cli/project.ts";
import { azureNativeProvider } from "../../sandbox/providers/azure-native/provider.ts";
import { azureadProvider } from "../../sandbox/providers/azuread/provider.ts";
import { proxiedHttp } from "../../sandbox/providers/http/http.ts";
import { createKubernetesProvider } from "../../sandbox/providers/kubernetes/index.ts";
import { serveProvider } from "../../sandbox/providers/protocol/serve.ts";

const variable = (name: string) => {
  const value = process.env[name];
  if (!value) throw new Error(`The plugin was started without ${name}.`);
  return value;
};
const [name = ""] = process.argv.slice(2);
const { http } = proxiedHttp({ proxyUrl: variable("HTTPS_PROXY"), caFile: variable("SSL_CERT_FILE") });
const credentials = {
  tenantId: variable("ARM_TENANT_ID"),
  clientId: variable("ARM_CLIENT_ID"),
  clientSecret: variable("ARM_CLIENT_SECRET"),
};
const { subscriptionId } = loadSettings(stackFile("sandbox"));
const played =
  name === "azuread"
    ? azureadProvider(http, credentials)
    : name === "azure-native"
      ? azureNativeProvider({ http, credentials, subscriptionId })
      : createKubernetesProvider({ kubeconfigFile: variable("KUBECONFIG") });
const { port } = await serveProvider(played);
appendFileSync(variable("PLAYED_PLUGINS"), `${name}\n`);
process.stdout.write(`${port}\n`);
