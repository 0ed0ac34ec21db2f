import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import { toolUrl } from "../../../model/callbacks.ts";
import { OidcClient } from "../../entra/oidc-client.ts";
import { ConfigFiles, hashOf } from "../../kubernetes/config-files.ts";
import { Namespace } from "../../kubernetes/namespace.ts";
import { NetworkPolicies } from "../../kubernetes/network-policies.ts";
import { OneTimeJob } from "../../kubernetes/one-time-job.ts";
import { Route } from "../../kubernetes/route.ts";
import { Workload } from "../../kubernetes/workload.ts";
import { partnerHosts } from "../fab/partners.ts";
import { registrationOf } from "../registration.ts";
import type { DeployTool, ToolArgs } from "../tool.ts";
import { ClusterAccess, type ClusterAccessArgs, READ_LOGS, RUN_PODS } from "./cluster-access.ts";
import type { AirflowSettings } from "./contract.ts";
import { ACCOUNTS, createIdentities, type Identities } from "./identities.ts";
import { airflowTraffic } from "./network.ts";
import { API_PORT } from "./places.ts";
import { type Part, type PartPodArgs, podOf, type SharedPodArgs } from "./pods.ts";
import { AirflowSecrets } from "./secrets.ts";
import { configFiles, identifierUri, settingsFiles } from "./settings-files.ts";
import { TriggerAccess } from "./trigger-access.ts";
import { WORKER_IDENTITY, workerPodFile } from "./worker-pod.ts";

/** ConfigMaps of the configuration's Python and of what the settings say. */
const CONFIG_MAP = "airflow-config";
const SETTINGS_MAP = "airflow-settings";

/**
 * Apache Airflow with Entra sign-in and no client secret, for people and for programs that trigger DAGs: registration,
 * identities, secrets, pods and route. Migrations run before the pods of a new version start.
 *
 * @example new Airflow("airflow", { contract, settings, environment, owners: teams.personIds(["ana.lima"]), partners: [] })
 */
export class Airflow extends pulumi.ComponentResource {
  readonly url: string;
  /** Client id of the registration. */
  readonly clientId: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  readonly serviceAccount: pulumi.Output<string>;
  /** Trigger → client id of the program that may trigger DAGs. */
  readonly triggerClients: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: ToolArgs<AirflowSettings>, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:airflow:Airflow", name, {}, opts);
    const { settings, environment, partners } = args;
    const { tenantId, vaultName } = environment;
    const child = { parent: this };
    this.url = toolUrl(settings);

    const api = identifierUri(tenantId, environment.environment);
    const client = new OidcClient(name, { ...registrationOf(name, args, ACCOUNTS.server), identifierUri: api }, child);
    const { clientIds } = new TriggerAccess(
      `${name}-trigger`,
      { tool: name, triggers: settings.triggers, servicePrincipalId: client.servicePrincipalId, environment },
      child,
    );
    const { namespace } = new Namespace(`${name}-namespace`, { namespace: settings.namespace }, child);
    const secrets = new AirflowSecrets(name, { ...environment, redis: settings.executor !== "kubernetes" }, child);
    const identities = createIdentities(name, { settings, environment, partners, namespace, secrets }, child);

    const config = configFiles();
    const roles = args.contract.roles(settings);
    const texts = settingsFiles({ settings, roles, partners, vaultName, identifierUri: api });
    const configHash = hashFor(args, texts, config);
    const files = settings.executor === "kubernetes" ? { ...texts, ...workerPod(args, configHash) } : texts;
    const settingsMap = new ConfigFiles(`${name}-settings`, { namespace, mapName: SETTINGS_MAP, files }, child);
    const configMap = new ConfigFiles(`${name}-config`, { namespace, mapName: CONFIG_MAP, files: config }, child);
    const network = new NetworkPolicies(
      `${name}-network`,
      {
        namespace,
        egress: environment.egress,
        ...airflowTraffic(settings, {
          gatewayNamespace: environment.gateway.namespace,
          vaultName,
          partnerHosts: partnerHosts(partners),
        }),
      },
      child,
    );
    const before = [...identities.ready, network, ...this.#clusterAccess(name, namespace, identities, settings)];

    const shared: SharedPodArgs = {
      image: settings.image,
      configMap: configMap.mapName,
      settingsMap: settingsMap.mapName,
      configHash,
    };
    const own = partsOf(settings, identities, signInVariables(tenantId, client.clientId, clientIds));
    const pod = (part: Part) => podOf(part, shared, own[part]);
    const migrate = new OneTimeJob(
      `${name}-migrate`,
      { namespace, jobName: "airflow-migrate", pod: pod("migrate") },
      { ...child, dependsOn: before },
    );
    const after = { ...child, dependsOn: [...before, migrate] };
    const service = { serviceName: "airflow", port: 80, targetPort: API_PORT };
    const server = new Workload(
      `${name}-api-server`,
      { namespace, workloadName: "airflow-api-server", pod: pod("api-server"), scale: settings.replicas, service },
      after,
    );
    for (const [part, pods] of [
      ["scheduler", 2],
      ["dag-processor", 1],
      ["triggerer", 2],
    ] as const) {
      const scale = { min: pods, max: pods };
      new Workload(`${name}-${part}`, { namespace, workloadName: `airflow-${part}`, pod: pod(part), scale }, after);
    }
    if (settings.executor !== "kubernetes") {
      const scale = settings.executor.celery.workers;
      new Workload(`${name}-worker`, { namespace, workloadName: "airflow-worker", pod: pod("worker"), scale }, after);
    }
    new Route(
      `${name}-route`,
      {
        namespace,
        routeName: "airflow",
        gateway: environment.gateway,
        host: settings.host,
        service: { name: server.serviceName ?? "airflow", port: 80 },
      },
      child,
    );

    this.clientId = client.clientId;
    this.namespace = namespace;
    this.serviceAccount = identities.server.accountName;
    this.triggerClients = clientIds;
    this.registerOutputs({ url: this.url, clientId: this.clientId, namespace, serviceAccount: this.serviceAccount });
  }

  /** What only the Kubernetes executor needs: rights on pods, and the client id that task pods learn of themselves. */
  #clusterAccess(
    name: string,
    namespace: pulumi.Output<string>,
    { scheduler, server, worker }: Identities,
    { executor }: AirflowSettings,
  ): pulumi.Resource[] {
    if (executor !== "kubernetes") return [];
    const access = (
      group: "scheduler" | "server",
      serviceAccountName: pulumi.Output<string>,
      rights: ClusterAccessArgs["rights"],
    ) =>
      new ClusterAccess(
        `${name}-${group}-pods`,
        { namespace, roleName: ACCOUNTS[group], serviceAccountName, rights },
        { parent: this },
      );
    // A map of its own, because the id is unknown at the first preview.
    const metadata = { name: WORKER_IDENTITY, namespace };
    const data = { AZURE_CLIENT_ID: worker.clientId };
    return [
      access("scheduler", scheduler.accountName, RUN_PODS),
      access("server", server.accountName, READ_LOGS),
      new ConfigMap(`${name}-worker-identity-id`, { metadata, data }, { parent: this }),
    ];
  }
}

/** The tool as the registry takes it. */
export const deploy: DeployTool<AirflowSettings> = (name, args, opts) => {
  const { url, clientId, namespace, serviceAccount, triggerClients } = new Airflow(name, args, opts);
  const { tenantId, oidcIssuer: issuer, environment } = args.environment;
  const triggers = Object.entries(triggerClients).map(([trigger, client]) => [`trigger-${trigger}`, client]);
  const details = { api: identifierUri(tenantId, environment), ...Object.fromEntries(triggers) };
  return { url, clientId, tenantId, namespace, serviceAccount, issuer, details };
};

function workerPod({ settings, environment }: ToolArgs<AirflowSettings>, configHash: string): Record<string, string> {
  const text = workerPodFile({
    image: settings.image,
    configHash,
    serviceAccountName: ACCOUNTS.worker,
    tenantId: environment.tenantId,
    configMap: CONFIG_MAP,
    settingsMap: SETTINGS_MAP,
  });
  return { "worker-pod.json": text };
}

/** What the pods that people and programs sign in to know of Entra. */
function signInVariables(
  tenantId: string,
  clientId: pulumi.Output<string>,
  triggerClients: Readonly<Record<string, pulumi.Output<string>>>,
): Record<string, pulumi.Input<string>> {
  const clients = Object.entries(triggerClients).map(([trigger, id]) => pulumi.interpolate`${trigger}=${id}`);
  return {
    ENTRA_CLIENT_ID: clientId,
    ENTRADA_TRIGGER_CLIENTS: pulumi.all(clients).apply((entries) => entries.join(",")),
    AZURE_TENANT_ID: tenantId,
    AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com/",
  };
}

/** Account, secrets and tokens of each part. Only parts that speak to Entra, the vault or the cluster's API hold a token. */
function partsOf(
  { executor }: AirflowSettings,
  { server, scheduler, dags, worker }: Identities,
  env: Record<string, pulumi.Input<string>>,
): Record<Part, PartPodArgs> {
  const clusterToken = executor === "kubernetes";
  const serverPart = { serviceAccountName: server.accountName, secrets: server.mount, env };
  const dagsPart = { serviceAccountName: dags.accountName, secrets: dags.mount, federation: dags.federation };
  return {
    "api-server": { ...serverPart, federation: server.federation, clusterToken },
    migrate: serverPart,
    scheduler: { serviceAccountName: scheduler.accountName, secrets: scheduler.mount, clusterToken },
    "dag-processor": dagsPart,
    triggerer: dagsPart,
    worker: {
      serviceAccountName: worker.accountName,
      secrets: worker.mount,
      federation: { tenantId: dags.federation.tenantId, clientId: worker.clientId },
    },
  };
}

/** Changes with everything that pods read at their start, the keys' windows included (a rotation runs the Job that re-encrypts). */
function hashFor(
  { settings, environment }: ToolArgs<AirflowSettings>,
  files: Readonly<Record<string, string>>,
  config: Readonly<Record<string, string>>,
): string {
  const { a, b } = environment.windows;
  return hashOf(settings.image, ...Object.values(files), ...Object.values(config), a.startDate, b.startDate);
}
