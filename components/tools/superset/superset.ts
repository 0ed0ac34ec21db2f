import * as pulumi from "@pulumi/pulumi";
import { toolUrl } from "../../../model/callbacks.ts";
import { OidcClient } from "../../entra/oidc-client.ts";
import { ConfigFiles, hashOf } from "../../kubernetes/config-files.ts";
import { Namespace } from "../../kubernetes/namespace.ts";
import { NetworkPolicies } from "../../kubernetes/network-policies.ts";
import { OneTimeJob } from "../../kubernetes/one-time-job.ts";
import { Route } from "../../kubernetes/route.ts";
import { Workload } from "../../kubernetes/workload.ts";
import { partnerHosts, partnerSecrets } from "../fab/partners.ts";
import { createPodIdentity } from "../pod-identity.ts";
import { registrationOf } from "../registration.ts";
import type { DeployTool, ToolArgs } from "../tool.ts";
import type { SupersetSettings } from "./contract.ts";
import { supersetTraffic } from "./network.ts";
import { type PodsArgs, podOf, WEB_PORT } from "./pods.ts";
import { SupersetSecrets } from "./secrets.ts";
import { configFiles, settingsFiles } from "./settings-files.ts";

/** Name of the service account, of the managed identity's federation and of the registration's credential. */
const ACCOUNT = "superset";

/**
 * Apache Superset with Entra sign-in and no client secret: registration, identity, secrets, pods and route. Migrations run
 * before the pods of a new version start.
 *
 * @example new Superset("superset", { contract, settings, environment, owners: teams.personIds(["ana.lima"]), partners: [] })
 */
export class Superset extends pulumi.ComponentResource {
  readonly url: string;
  /** Client id of the registration. */
  readonly clientId: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  readonly serviceAccount: pulumi.Output<string>;

  constructor(name: string, args: ToolArgs<SupersetSettings>, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:superset:Superset", name, {}, opts);
    const { settings, environment } = args;
    const child = { parent: this };
    this.url = toolUrl(settings);

    const client = new OidcClient(name, registrationOf(name, args, ACCOUNT), child);
    const { namespace } = new Namespace(`${name}-namespace`, { namespace: settings.namespace }, child);
    const secrets = new SupersetSecrets(name, environment, child);
    const identity = createPodIdentity(
      name,
      {
        identity: "superset",
        account: ACCOUNT,
        namespaceName: settings.namespace,
        namespace,
        environment,
        secrets: [...secrets.mounted, ...partnerSecrets(args.partners)],
      },
      child,
    );
    const files = settingsFiles(settings, args.contract.roles(settings), args.partners);
    const config = configFiles();
    const settingsMap = new ConfigFiles(`${name}-settings`, { namespace, mapName: "superset-settings", files }, child);
    const configMap = new ConfigFiles(
      `${name}-config`,
      { namespace, mapName: "superset-config", files: config },
      child,
    );
    const network = new NetworkPolicies(
      `${name}-network`,
      {
        namespace,
        egress: environment.egress,
        ...supersetTraffic(settings, environment.gateway.namespace, partnerHosts(args.partners)),
      },
      child,
    );

    const pods: PodsArgs = {
      image: settings.image,
      serviceAccountName: identity.accountName,
      configMap: configMap.mapName,
      settingsMap: settingsMap.mapName,
      secrets: identity.mount,
      registrationClientId: client.clientId,
      federation: identity.federation,
      configHash: configHash(args, files, config),
    };
    const migrate = new OneTimeJob(
      `${name}-migrate`,
      { namespace, jobName: "superset-migrate", pod: podOf("migrate", pods) },
      { ...child, dependsOn: [...identity.ready, network] },
    );
    const after = { ...child, dependsOn: [...identity.ready, network, migrate] };
    const web = new Workload(
      `${name}-web`,
      {
        namespace,
        workloadName: "superset-web",
        pod: podOf("web", pods),
        scale: settings.replicas,
        service: { serviceName: "superset", port: 80, targetPort: WEB_PORT },
      },
      after,
    );
    new Workload(
      `${name}-worker`,
      { namespace, workloadName: "superset-worker", pod: podOf("worker", pods), scale: settings.workers },
      after,
    );
    new Workload(
      `${name}-beat`,
      {
        namespace,
        workloadName: "superset-beat",
        pod: podOf("beat", pods),
        scale: { min: 1, max: 1 },
        singleton: true,
      },
      after,
    );
    new Route(
      `${name}-route`,
      {
        namespace,
        routeName: "superset",
        gateway: environment.gateway,
        host: settings.host,
        service: { name: web.serviceName ?? "superset", port: 80 },
      },
      child,
    );

    this.clientId = client.clientId;
    this.namespace = namespace;
    this.serviceAccount = identity.accountName;
    this.registerOutputs({ url: this.url, clientId: this.clientId, namespace, serviceAccount: this.serviceAccount });
  }
}

/** The tool as the registry takes it. */
export const deploy: DeployTool<SupersetSettings> = (name, args, opts) => {
  const { url, clientId, namespace, serviceAccount } = new Superset(name, args, opts);
  const { tenantId, oidcIssuer: issuer } = args.environment;
  return { url, clientId, tenantId, namespace, serviceAccount, issuer };
};

/** Changes with everything that pods read at their start, keys' windows included (a rotation runs the Job that re-encrypts). */
function configHash(
  { settings, environment }: ToolArgs<SupersetSettings>,
  files: Readonly<Record<string, string>>,
  config: Readonly<Record<string, string>>,
): string {
  const { a, b } = environment.windows;
  return hashOf(settings.image, ...Object.values(files), ...Object.values(config), a.startDate, b.startDate);
}
