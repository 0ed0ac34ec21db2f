import * as pulumi from "@pulumi/pulumi";
import { toolUrl } from "../../../model/callbacks.ts";
import { OidcClient } from "../../entra/oidc-client.ts";
import { ConfigFiles, hashOf } from "../../kubernetes/config-files.ts";
import { Namespace } from "../../kubernetes/namespace.ts";
import { NetworkPolicies } from "../../kubernetes/network-policies.ts";
import { Route } from "../../kubernetes/route.ts";
import type { MountedSecret } from "../../kubernetes/secret-mount.ts";
import { proxyAccount } from "../../proxy/callback.ts";
import { IdentityProxy, proxyTraffic } from "../../proxy/identity-proxy.ts";
import { createPodIdentity } from "../pod-identity.ts";
import { registrationOf } from "../registration.ts";
import type { ClientSecretPlace, DeployTool, ToolArgs } from "../tool.ts";
import { proxied } from "./contract.ts";
import { configFiles, jobFiles, settingsFiles } from "./files.ts";
import { openMetadataTraffic } from "./network.ts";
import { labelsOf } from "./pods.ts";
import { Reconciler } from "./reconciler.ts";
import { OpenMetadataSecrets } from "./secrets.ts";
import { Server, type ServerArgs } from "./server.ts";
import { SERVER_PORT } from "./server-config.ts";
import type { OpenMetadataSettings } from "./settings.ts";

/** Service account of the server, and that of the jobs, which read the key pair and nothing else. */
const ACCOUNT = "openmetadata";
const JOBS_ACCOUNT = "openmetadata-jobs";

/**
 * OpenMetadata with Entra sign-in, behind the identity-aware proxy: registration, own key pair, secrets, server and route.
 * Migrations run before the server of a new version or configuration starts; after it a job closes the shipped accounts and
 * fails the deployment unless the server runs as it was told to.
 *
 * @example new OpenMetadata("openmetadata", { contract, settings, environment, owners, partners: [] })
 */
export class OpenMetadata extends pulumi.ComponentResource {
  readonly url: string;
  /** Client id of the registration. */
  readonly clientId: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  /** Whose token is the registration's credential; without the proxy, the server's. */
  readonly serviceAccount: pulumi.Output<string>;
  /** Only of a confidential client. */
  readonly clientSecret: ClientSecretPlace | undefined;

  constructor(name: string, args: ToolArgs<OpenMetadataSettings>, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:openmetadata:OpenMetadata", name, {}, opts);
    const { settings, environment } = args;
    const child = { parent: this };
    this.url = toolUrl(settings);

    const client = new OidcClient(name, registrationOf(name, args, proxyAccount(name)), child);
    this.clientId = client.clientId;
    const { namespace } = new Namespace(`${name}-namespace`, { namespace: settings.namespace }, child);
    this.namespace = namespace;
    const secrets = new OpenMetadataSecrets(name, environment, child);
    const clientSecret = newestSecret(client, environment.windows.current);
    const identities = this.#createIdentities(name, args, secrets, clientSecret);
    const files = this.#createFiles(name, args);
    const network = new NetworkPolicies(
      `${name}-network`,
      { namespace, egress: environment.egress, ...traffic(name, args) },
      child,
    );

    const { keyId } = secrets.keyPair;
    const server = new Server(
      `${name}-server`,
      { tool: name, namespace, settings, ...identities, ...files, clientId: client.clientId, keyId },
      { ...child, dependsOn: [network] },
    );
    new Reconciler(
      `${name}-reconciler`,
      {
        tool: name,
        namespace,
        settings,
        roles: args.contract.roles(settings),
        environment,
        privateKey: secrets.keyPair.privateKey,
        settingsMap: files.settingsMap,
        registrationClientId: client.clientId,
        keyId,
        servicePrincipalId: client.servicePrincipalId,
      },
      { ...child, dependsOn: [network, server] },
    );
    this.serviceAccount = this.#createFront(name, args, server.service) ?? identities.server.accountName;
    this.clientSecret = clientSecret && {
      vault: environment.vaultName,
      secretName: clientSecret.secretName,
      identity: identities.server.clientId,
    };
    this.registerOutputs({ url: this.url, clientId: this.clientId, namespace, serviceAccount: this.serviceAccount });
  }

  #createIdentities(
    name: string,
    { settings, environment }: ToolArgs<OpenMetadataSettings>,
    { keyPair, mounted }: OpenMetadataSecrets,
    clientSecret: MountedSecret | undefined,
  ): Pick<ServerArgs, "server" | "jobs"> {
    const child = { parent: this };
    const shared = { namespaceName: settings.namespace, namespace: this.namespace, environment };
    return {
      server: createPodIdentity(
        name,
        {
          ...shared,
          identity: ACCOUNT,
          account: ACCOUNT,
          secrets: [...mounted, ...(clientSecret === undefined ? [] : [clientSecret])],
        },
        child,
      ),
      jobs: createPodIdentity(
        `${name}-jobs`,
        { ...shared, identity: JOBS_ACCOUNT, account: JOBS_ACCOUNT, secrets: [keyPair.privateKey] },
        child,
      ),
    };
  }

  #createFiles(
    name: string,
    { contract, settings, environment }: ToolArgs<OpenMetadataSettings>,
  ): Pick<ServerArgs, "configMap" | "settingsMap" | "jobsMap" | "configHash"> {
    const create = (part: string, files: Record<string, string>) =>
      new ConfigFiles(
        `${name}-${part}`,
        { namespace: this.namespace, mapName: `openmetadata-${part}`, files },
        { parent: this },
      ).mapName;
    const config = configFiles();
    const told = settingsFiles(settings, contract.roles(settings), environment);
    const jobs = jobFiles();
    const texts = [config, told, jobs].flatMap((files) => Object.values(files));
    const { a, b } = environment.windows;
    // The server keeps its client's secret in the database, so a new one has to go the same way as a new setting.
    const rotation = settings.client === "confidential" ? [a.startDate, b.startDate] : [];
    return {
      configMap: create("config", config),
      settingsMap: create("settings", told),
      jobsMap: create("jobs", jobs),
      configHash: hashOf(settings.image, settings.jobs.image, ...texts, ...rotation),
    };
  }

  /** What people reach: the proxy, or the server itself. Returns the proxy's service account. */
  #createFront(
    name: string,
    args: ToolArgs<OpenMetadataSettings>,
    service: pulumi.Output<string>,
  ): pulumi.Output<string> | undefined {
    const { contract, settings, environment } = args;
    const { namespace } = this;
    const upstream = { service, port: SERVER_PORT };
    const proxy = proxied(settings)
      ? new IdentityProxy(
          `${name}-proxy`,
          {
            tool: name,
            namespace,
            namespaceName: settings.namespace,
            host: settings.host,
            environment,
            clientId: this.clientId,
            allowedRoles: contract.roles(settings).map(({ value }) => value),
            upstream,
          },
          { parent: this },
        )
      : undefined;
    const front = proxy ?? upstream;
    new Route(
      `${name}-route`,
      {
        namespace,
        routeName: "openmetadata",
        gateway: environment.gateway,
        host: settings.host,
        service: { name: front.service, port: front.port },
      },
      { parent: this },
    );
    return proxy?.serviceAccount;
  }
}

/** The tool as the registry takes it. */
export const deploy: DeployTool<OpenMetadataSettings> = (name, args, opts) => {
  const { url, clientId, namespace, serviceAccount, clientSecret } = new OpenMetadata(name, args, opts);
  const { tenantId, oidcIssuer: issuer } = args.environment;
  return {
    url,
    clientId,
    tenantId,
    namespace,
    serviceAccount,
    issuer,
    ...(clientSecret === undefined ? {} : { clientSecret }),
  };
};

/** The newer of a confidential client's two secrets. */
function newestSecret({ secrets }: OidcClient, current: "a" | "b"): MountedSecret | undefined {
  const newest = secrets.find(({ secretName }) => secretName.endsWith(`-${current}`));
  return newest && { secretName: newest.secretName, file: "client-secret", version: newest.version };
}

/** The server's own traffic, and what brings people to it. */
function traffic(name: string, { settings, environment }: ToolArgs<OpenMetadataSettings>) {
  if (!proxied(settings)) return openMetadataTraffic(settings, environment.gateway.namespace);
  const own = openMetadataTraffic(settings, undefined);
  const proxy = proxyTraffic(name, environment, { pods: labelsOf("server"), port: SERVER_PORT });
  return { allow: { ...own.allow, ...proxy.allow }, reach: { ...own.reach, ...proxy.reach } };
}
