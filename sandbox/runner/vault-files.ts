import { parse } from "yaml";
import type { KubernetesClient } from "../cluster/client.ts";
import type { Http } from "../providers/http/http.ts";
import { claimOf } from "../providers/http/token.ts";
import { serviceAccountToken } from "./pod/service-account-token.ts";
import type { Pod } from "./pod/types.ts";

/** Reads what the Secrets Store CSI driver would mount, as the pod's own identity. */
export interface VaultReader {
  /** File → content of a SecretProviderClass. @throws Error naming the secret that the identity does not get. */
  files(pod: Pod, className: string): Promise<Record<string, string | Buffer>>;
}

interface SecretProviderClass {
  readonly spec: {
    readonly provider: string;
    readonly parameters: {
      readonly keyvaultName: string;
      readonly tenantID: string;
      readonly clientID: string;
      readonly objects: string;
    };
  };
}

interface SecretObject {
  readonly objectName: string;
  readonly objectType?: string;
  readonly objectAlias?: string;
  readonly objectVersion?: string;
  readonly objectEncoding?: "utf-8" | "base64" | "hex";
}

const EXCHANGE = "api://AzureADTokenExchange";

/**
 * Plays the driver's Azure provider: the pod's service-account token becomes an access token of the managed identity that the
 * class names, and that reads the vault. Nothing here has a right of its own.
 */
export function vaultReader(client: KubernetesClient, http: Http): VaultReader {
  return {
    async files(pod, className) {
      const { namespace } = pod.metadata;
      const path = `/apis/secrets-store.csi.x-k8s.io/v1/namespaces/${namespace}/secretproviderclasses/${className}`;
      const found = await client.find<SecretProviderClass>(path);
      if (!found) throw new Error(`SecretProviderClass ${namespace}/${className} is not there.`);
      const { provider, parameters } = found.spec;
      if (provider !== "azure") {
        throw new Error(
          `SecretProviderClass ${namespace}/${className} is of the provider ${provider}; this machine plays azure.`,
        );
      }
      const { keyvaultName, tenantID, clientID, objects } = parameters;
      const { token: assertion } = await serviceAccountToken(client, pod, { audience: EXCHANGE, seconds: 3600 });
      const token = await exchange(http, { tenantId: tenantID, clientId: clientID, assertion });
      const list = (parse(objects) as { array: string[] }).array.map((item) => parse(item) as SecretObject);
      const files = list.map(async (object) => {
        const value = await readSecret(http, keyvaultName, object, token);
        const encoding = object.objectEncoding ?? "utf-8";
        return [
          object.objectAlias ?? object.objectName,
          encoding === "utf-8" ? value : Buffer.from(value, encoding),
        ] as const;
      });
      return Object.fromEntries(await Promise.all(files));
    },
  };
}

async function exchange(
  http: Http,
  { tenantId, clientId, assertion }: { tenantId: string; clientId: string; assertion: string },
): Promise<string> {
  const { status, body } = await http({
    method: "POST",
    url: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
      scope: "https://vault.azure.net/.default",
    }).toString(),
  });
  const answer = parsed(body) as { access_token?: string; error_description?: string };
  if (status === 200 && answer.access_token) return answer.access_token;
  throw new Error(
    `The managed identity ${clientId} gave ${claimOf(assertion, "sub")} no token for the vault: ${answer.error_description ?? status}`,
  );
}

async function readSecret(http: Http, vault: string, object: SecretObject, token: string): Promise<string> {
  const { objectType = "secret" } = object;
  if (objectType !== "secret") {
    throw new Error(
      `The vault's object ${object.objectName} is mounted as ${objectType}; this machine mounts secrets.`,
    );
  }
  const version = object.objectVersion ? `/${object.objectVersion}` : "";
  const { status, body } = await http({
    method: "GET",
    url: `https://${vault}.vault.azure.net/secrets/${object.objectName}${version}?api-version=7.5`,
    headers: { authorization: `Bearer ${token}` },
  });
  const { value, error } = parsed(body) as { value?: string; error?: { code?: string } };
  if (status === 200 && value !== undefined) return value;
  throw new Error(`The vault ${vault} does not open the secret ${object.objectName}: ${error?.code ?? status}.`);
}

/** The parser's own message would quote the answer, and a secret with it. */
function parsed(body: string): object {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}
