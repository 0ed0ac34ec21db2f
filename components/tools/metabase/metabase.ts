import * as pulumi from "@pulumi/pulumi";
import { toolUrl } from "../../../model/callbacks.ts";
import { OidcClient } from "../../entra/oidc-client.ts";
import { ConfigFiles, hashOf } from "../../kubernetes/config-files.ts";
import { CronJob } from "../../kubernetes/cron-job.ts";
import { Namespace } from "../../kubernetes/namespace.ts";
import { NetworkPolicies } from "../../kubernetes/network-policies.ts";
import { OneTimeJob } from "../../kubernetes/one-time-job.ts";
import { Route } from "../../kubernetes/route.ts";
import { Workload } from "../../kubernetes/workload.ts";
import { proxyAccount } from "../../proxy/callback.ts";
import { IdentityProxy } from "../../proxy/identity-proxy.ts";
import { DirectoryReader } from "../../reconciler/directory-reader.ts";
import { createPodIdentity } from "../pod-identity.ts";
import { registrationOf } from "../registration.ts";
import type { ClientSecretPlace, DeployTool, ToolArgs, ToolOutputs } from "../tool.ts";
import type { MetabaseSettings } from "./contract.ts";
import { GroupIds } from "./group-ids.ts";
import { metabaseTraffic } from "./network.ts";
import { bootstrapPod, type PodsArgs, reconcilePod, SERVICE, webPod } from "./pods.ts";
import { MetabaseSecrets } from "./secrets.ts";
import { administratorOf, configFiles, jobSettings, oidcTemplate } from "./settings-files.ts";

/** Service accounts: one for each kind of pod, so that each reads its own secrets and one alone reads the directory. */
const ACCOUNTS = { web: "metabase", bootstrap: "metabase-bootstrap", reconciler: "metabase-reconciler" } as const;

/**
 * Metabase, signed in to with Entra (pro) or behind the identity-aware proxy (oss). A job sets it up before its pods start:
 * first account, groups, rights, and the groups' numeric ids that the sign-in settings need. Another takes leavers out
 * every few minutes.
 *
 * @example new Metabase("metabase", { contract, settings, environment, owners: teams.personIds(["ana.lima"]), partners: [] })
 */
export class Metabase extends pulumi.ComponentResource {
  readonly url: string;
  readonly clientId: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  /** Whose token is the registration's credential (oss: the proxy's), or who reads the client's secret (pro). */
  readonly serviceAccount: pulumi.Output<string>;
  /** Where the client's secret is, for the pro edition. */
  readonly clientSecret: ClientSecretPlace | undefined;

  constructor(name: string, args: ToolArgs<MetabaseSettings>, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:metabase:Metabase", name, {}, opts);
    const { settings, environment } = args;
    const child = { parent: this };
    this.url = toolUrl(settings);

    const client = new OidcClient(name, registrationOf(name, args, proxyAccount(name)), child);
    const { namespace } = new Namespace(`${name}-namespace`, { namespace: settings.namespace }, child);
    const secrets = new MetabaseSecrets(name, { ...environment, settings, clientSecrets: client.secrets }, child);
    const shared = { namespaceName: settings.namespace, namespace, environment };
    const web = createPodIdentity(
      name,
      { ...shared, identity: "metabase", account: ACCOUNTS.web, secrets: secrets.web },
      child,
    );
    const bootstrap = createPodIdentity(
      `${name}-bootstrap`,
      { ...shared, identity: ACCOUNTS.bootstrap, account: ACCOUNTS.bootstrap, secrets: secrets.bootstrap },
      child,
    );
    const reconciler = createPodIdentity(
      `${name}-reconciler`,
      { ...shared, identity: ACCOUNTS.reconciler, account: ACCOUNTS.reconciler, secrets: secrets.reconciler },
      child,
    );
    const directory = new DirectoryReader(
      `${name}-reconciler-directory`,
      { principalId: reconciler.principalId },
      child,
    );
    const network = new NetworkPolicies(
      `${name}-network`,
      { namespace, egress: environment.egress, ...metabaseTraffic(name, settings, environment) },
      child,
    );

    const pods = createFiles(name, args, namespace, bootstrap.accountName, this);
    const setUp = new OneTimeJob(
      `${name}-bootstrap`,
      { namespace, jobName: "metabase-bootstrap", pod: bootstrapPod(pods, bootstrap), deadlineSeconds: 1800 },
      { ...child, dependsOn: [...bootstrap.ready, network] },
    );
    const server = new Workload(
      `${name}-web`,
      {
        namespace,
        workloadName: "metabase-web",
        pod: webPod(pods, web, client.clientId),
        scale: settings.replicas,
        service: SERVICE,
      },
      { ...child, dependsOn: [...web.ready, network, setUp] },
    );
    new CronJob(
      `${name}-reconcile`,
      {
        namespace,
        jobName: "metabase-reconcile",
        every: settings.reconcile.every,
        pod: reconcilePod(pods, reconciler, client.servicePrincipalId),
      },
      { ...child, dependsOn: [...reconciler.ready, directory, network, server] },
    );

    const service = { name: server.serviceName ?? pulumi.output(SERVICE.serviceName), port: SERVICE.port };
    const front = settings.edition === "pro" ? undefined : createProxy(name, args, namespace, client, service, this);
    new Route(
      `${name}-route`,
      {
        namespace,
        routeName: "metabase",
        gateway: environment.gateway,
        host: settings.host,
        service: front === undefined ? service : { name: front.service, port: front.port },
      },
      child,
    );

    this.clientId = client.clientId;
    this.namespace = namespace;
    this.serviceAccount = front?.serviceAccount ?? web.accountName;
    const current = client.secrets[environment.windows.current === "a" ? 0 : 1];
    this.clientSecret =
      current === undefined
        ? undefined
        : { vault: environment.vault.name, secretName: current.secretName, identity: web.clientId };
    this.registerOutputs({ url: this.url, clientId: this.clientId, namespace, serviceAccount: this.serviceAccount });
  }
}

/** The ConfigMaps, and what all pods need to know of them. */
function createFiles(
  name: string,
  { settings, environment }: ToolArgs<MetabaseSettings>,
  namespace: pulumi.Input<string>,
  writer: pulumi.Input<string>,
  parent: pulumi.Resource,
): PodsArgs {
  const config = configFiles();
  const files = {
    ...jobSettings(name, settings, environment),
    ...(settings.edition === "pro" ? oidcTemplate(environment.tenantId) : {}),
  };
  const map = (part: string, content: Record<string, string>) =>
    new ConfigFiles(`${name}-${part}`, { namespace, mapName: `metabase-${part}`, files: content }, { parent }).mapName;
  return {
    settings,
    administrator: administratorOf(settings, environment),
    configMap: map("config", config.server),
    jobsMap: map("jobs", config.jobs),
    settingsMap: map("settings", files),
    groupsMap:
      settings.edition === "pro"
        ? new GroupIds(`${name}-groups`, { namespace, mapName: "metabase-groups", writer }, { parent }).mapName
        : undefined,
    configHash: hashOf(
      settings.image,
      settings.jobs.image,
      ...[files, config.server, config.jobs].flatMap((content) => Object.values(content)),
    ),
  };
}

function createProxy(
  name: string,
  { contract, settings, environment }: ToolArgs<MetabaseSettings>,
  namespace: pulumi.Input<string>,
  client: OidcClient,
  service: { readonly name: pulumi.Input<string>; readonly port: number },
  parent: pulumi.Resource,
): IdentityProxy {
  return new IdentityProxy(
    `${name}-proxy`,
    {
      tool: name,
      namespace,
      namespaceName: settings.namespace,
      host: settings.host,
      environment,
      clientId: client.clientId,
      allowedRoles: contract.roles(settings).map(({ value }) => value),
      upstream: { service: service.name, port: service.port },
    },
    { parent },
  );
}

/** The tool as the registry takes it. */
export const deploy: DeployTool<MetabaseSettings> = (name, args, opts): ToolOutputs => {
  const { url, clientId, namespace, serviceAccount, clientSecret } = new Metabase(name, args, opts);
  const { tenantId, oidcIssuer: issuer } = args.environment;
  const outputs = { url, clientId, tenantId, namespace, serviceAccount, issuer };
  return clientSecret === undefined ? outputs : { ...outputs, clientSecret };
};
