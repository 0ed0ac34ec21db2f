import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppsV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { sandboxFetch } from "../../cli/sign-in/network.ts";
import type { Directory } from "../../sandbox/emulator/directory.ts";
import { deployerClientId } from "../../sandbox/emulator/seed.ts";
import { localSecret } from "../../sandbox/secrets.ts";
import type { TestSandbox } from "./harness.ts";

/** Looks at what really is there: the emulator's store, the API server, Pulumi's state. */

export function directory({ layout }: TestSandbox): Directory {
  return JSON.parse(readFileSync(join(layout.emulator, "directory.json"), "utf8")) as Directory;
}

/** What a stack can leave in the directory, by name, sorted; a thing made twice stands here twice. */
export function directoryObjects(sandbox: TestSandbox) {
  const data = directory(sandbox);
  const tools = Object.values(data.servicePrincipals).filter(
    (one) => one.servicePrincipalType === "Application" && !one.firstParty,
  );
  return {
    groups: Object.values(data.groups)
      .map(({ displayName }) => displayName)
      .sort(),
    applications: Object.values(data.applications)
      .map(({ displayName }) => displayName)
      .sort(),
    appRoleAssignmentsToTools: Object.values(data.appRoleAssignments).filter(({ resourceId }) =>
      tools.some(({ id }) => id === resourceId),
    ).length,
    grants: Object.values(data.oauth2PermissionGrants).length,
    armResources: Object.values(data.armResources)
      .filter(
        ({ type, properties }) => !/subscriptions$/i.test(type) && properties.principalId !== deployerPrincipal(data),
      )
      .map(({ id }) => id.toLowerCase())
      .sort(),
  };
}

function deployerPrincipal(data: Directory): string | undefined {
  return Object.values(data.servicePrincipals).find(({ displayName }) => displayName === "Entrada deployer")?.id;
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

/** The resources in Pulumi's state file. */
export function stateResources({ layout }: TestSandbox, stack = "sandbox"): StateResource[] {
  const file = join(layout.state, ".pulumi", "stacks", "entrada", `${stack}.json`);
  const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
    checkpoint: { latest?: { resources?: StateResource[] } };
  };
  return checkpoint.latest?.resources ?? [];
}

export function kubeConfig(sandbox: TestSandbox): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(sandbox.record.kubeconfig);
  return config;
}

/** Names of the live objects of a kind, sorted. */
export async function clusterObjects(sandbox: TestSandbox, kind: "deployments" | "namespaces"): Promise<string[]> {
  const config = kubeConfig(sandbox);
  const list =
    kind === "namespaces"
      ? await config.makeApiClient(CoreV1Api).listNamespace()
      : await config.makeApiClient(AppsV1Api).listDeploymentForAllNamespaces();
  return list.items.map(({ metadata }) => metadata?.name ?? "").sort();
}

/** An access token of the deploying identity for a resource, for example `https://graph.microsoft.com`. */
export async function deployerToken(sandbox: TestSandbox, resource: string): Promise<string> {
  const tenant = sandbox.record.tenantId;
  const response = await sandboxFetch(sandbox.record)(`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: deployerClientId(tenant),
      client_secret: localSecret(sandbox.layout, "deployer").value,
      scope: `${resource}/.default`,
    }).toString(),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}

export type GraphClient = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** Graph as the deploying identity, over the proxy: the hand that changes things behind Pulumi's back. */
export async function deployerGraph(sandbox: TestSandbox): Promise<GraphClient> {
  const fetch = sandboxFetch(sandbox.record);
  const authorization = `Bearer ${await deployerToken(sandbox, "https://graph.microsoft.com")}`;
  return async (method, path, body) => {
    const response = await fetch(`https://graph.microsoft.com${path.replaceAll(" ", "%20")}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (response.status >= 300) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
}
