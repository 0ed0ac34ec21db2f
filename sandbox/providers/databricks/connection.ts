import { type Api, createApi } from "../http/api.ts";
import type { Http } from "../http/http.ts";
import { type Credentials, clientCredentials } from "../http/token.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { text } from "../read-values.ts";

/** Databricks as a resource of Entra. */
const RESOURCE = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";
const RESOURCE_MANAGER = "https://management.azure.com";
const ACCOUNT_HOST = "https://accounts.azuredatabricks.net";

/** How the stand-in speaks with the account and with the workspace. */
export interface Connection {
  readonly account: Api;
  readonly workspace: Api;
  /** `https://accounts.azuredatabricks.net/api/2.0/accounts/<id>`; throws where no provider named the account. */
  accountPath(path: string): string;
  readonly accountId: () => string;
  /** `https://adb-….azuredatabricks.net/api/<path>`; throws where no provider named the workspace. */
  workspacePath(path: string): string;
  configure(config: PropertyMap): void;
}

/**
 * The official plugin runs once per provider resource, this stand-in once for all: a provider that names the account's host
 * settles the account, any other one the workspace. Which of the two a resource type belongs to is fixed.
 */
export function createConnection(
  http: Http,
  credentials: Credentials,
  sleep?: (milliseconds: number) => Promise<unknown>,
): Connection {
  let accountId: string | undefined;
  let workspace: { readonly host: string; readonly resourceId: string | undefined } | undefined;
  const token = clientCredentials(http, credentials, RESOURCE);
  const manager = clientCredentials(http, credentials, RESOURCE_MANAGER);
  const known = <T>(value: T | undefined, what: string): T => {
    if (value !== undefined) return value;
    throw new Error(`No provider of the program names ${what}.`);
  };
  const headers = async (): Promise<Record<string, string>> => {
    if (workspace?.resourceId === undefined) return {};
    return {
      "x-databricks-azure-workspace-resource-id": workspace.resourceId,
      "x-databricks-azure-sp-management-token": await manager(),
    };
  };
  return {
    account: createApi({ http, token, base: ACCOUNT_HOST, sleep }),
    workspace: createApi({ http, token, base: ACCOUNT_HOST, headers, sleep }),
    accountId: () => known(accountId, "a Databricks account"),
    accountPath: (path) => `/api/2.0/accounts/${known(accountId, "a Databricks account")}${path}`,
    workspacePath: (path) => `${known(workspace, "a Databricks workspace").host}/api${path}`,
    configure: (config) => {
      for (const name of ["token", "clientSecret", "azureClientSecret", "password"]) {
        if (config[name] === undefined || config[name] === null) continue;
        throw new Error(`The provider is given ${name}. Databricks is reached as the Azure identity that deploys.`);
      }
      const tenant = text(config.azureTenantId);
      if (tenant !== undefined && tenant !== credentials.tenantId) {
        throw new Error(
          `The provider's azureTenantId is ${tenant}; the sandbox's only one is ${credentials.tenantId}.`,
        );
      }
      const host = text(config.host)?.replace(/\/$/, "");
      if (host === undefined) throw new Error("The provider names no host.");
      if (host === ACCOUNT_HOST) accountId = known(text(config.accountId), "the account's id");
      else workspace = { host, resourceId: text(config.azureWorkspaceResourceId) };
    },
  };
}
