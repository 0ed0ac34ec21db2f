import * as pulumi from "@pulumi/pulumi";
import { logoutUrl, redirectUris, toolUrl } from "../../../model/callbacks.ts";
import { VaultAccess } from "../../azure/vault-access.ts";
import { WorkloadIdentity } from "../../azure/workload-identity.ts";
import { OidcClient } from "../../entra/oidc-client.ts";
import { ConfigFiles, hashOf } from "../../kubernetes/config-files.ts";
import { Namespace } from "../../kubernetes/namespace.ts";
import { NetworkPolicies } from "../../kubernetes/network-policies.ts";
import { OneTimeJob } from "../../kubernetes/one-time-job.ts";
import { Route } from "../../kubernetes/route.ts";
import { SecretMount } from "../../kubernetes/secret-mount.ts";
import { ServiceAccount } from "../../kubernetes/service-account.ts";
import { Workload } from "../../kubernetes/workload.ts";
import type { ToolEnvironment } from "../environment.ts";
import { type SupersetSettings, supersetContract } from "./contract.ts";
import { supersetTraffic } from "./network.ts";
import { type PodsArgs, podOf, WEB_PORT } from "./pods.ts";
import { SupersetSecrets } from "./secrets.ts";
import { configFiles, settingsFiles } from "./settings-files.ts";

/** Name of the service account, of the managed identity's federation and of the registration's credential. */
const ACCOUNT = "superset";

export interface SupersetArgs {
  /** Superset's part of the settings. */
  readonly settings: SupersetSettings;
  /** What it shares with the other tools. */
  readonly environment: ToolEnvironment;
  /** Object ids of the people who answer for the registration. */
  readonly owners: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Apache Superset with Entra sign-in and no client secret: registration, identity, secrets, pods and route. Migrations run
 * before the pods of a new version start.
 *
 * @example new Superset("superset", { settings, environment, owners: teams.personIds(["ana.lima"]) })
 */
export class Superset extends pulumi.ComponentResource {
  readonly url: string;
  /** Client id of the registration. */
  readonly clientId: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  readonly serviceAccount: pulumi.Output<string>;

  constructor(name: string, args: SupersetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:superset:Superset", name, {}, opts);
    const { settings, environment } = args;
    const child = { parent: this };
    this.url = toolUrl(settings);

    const client = new OidcClient(name, registration(args), child);
    const { namespace } = new Namespace(`${name}-namespace`, { namespace: settings.namespace }, child);
    const identity = new WorkloadIdentity(`${name}-identity`, identityArgs(args), child);
    const account = new ServiceAccount(
      `${name}-account`,
      { namespace, accountName: ACCOUNT, clientId: identity.clientId },
      child,
    );
    const secrets = new SupersetSecrets(name, environment, child);
    const access = new VaultAccess(
      `${name}-access`,
      {
        vaultId: environment.vault.vaultId,
        vaultName: environment.vaultName,
        subscriptionId: environment.subscriptionId,
        principalId: identity.principalId,
        secretNames: secrets.mounted.map(({ secretName }) => secretName).sort(),
      },
      child,
    );
    const mount = new SecretMount(
      `${name}-secrets`,
      {
        namespace,
        className: "superset",
        vaultName: environment.vaultName,
        tenantId: environment.tenantId,
        clientId: identity.clientId,
        secrets: secrets.mounted,
      },
      child,
    );
    const files = settingsFiles(settings, supersetContract.roles(settings));
    const config = configFiles();
    const settingsMap = new ConfigFiles(`${name}-settings`, { namespace, mapName: "superset-settings", files }, child);
    const configMap = new ConfigFiles(
      `${name}-config`,
      { namespace, mapName: "superset-config", files: config },
      child,
    );
    const network = new NetworkPolicies(
      `${name}-network`,
      { namespace, allow: supersetTraffic(settings, environment.gateway.namespace) },
      child,
    );

    const pods: PodsArgs = {
      image: settings.image,
      serviceAccountName: account.accountName,
      configMap: configMap.mapName,
      settingsMap: settingsMap.mapName,
      secrets: mount,
      registrationClientId: client.clientId,
      federation: { clientId: identity.clientId, tenantId: environment.tenantId },
      configHash: configHash(args, files, config),
    };
    const migrate = new OneTimeJob(
      `${name}-migrate`,
      { namespace, jobName: "superset-migrate", pod: podOf("migrate", pods) },
      { ...child, dependsOn: [identity, access, network] },
    );
    const after = { ...child, dependsOn: [identity, access, network, migrate] };
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
    this.serviceAccount = account.accountName;
    this.registerOutputs({ url: this.url, clientId: this.clientId, namespace, serviceAccount: this.serviceAccount });
  }
}

function registration({ settings, environment, owners }: SupersetArgs) {
  const { environment: stack, groupIds, oidcIssuer, protect } = environment;
  return {
    tool: supersetContract.id,
    displayName: `${supersetContract.displayName} (${stack})`,
    url: toolUrl(settings),
    redirectUris: redirectUris(supersetContract, settings),
    logoutUrl: logoutUrl(supersetContract, settings),
    roles: supersetContract.roles(settings),
    owners,
    notes: `Sign-in of Superset at ${toolUrl(settings)}. Declared in the stack "${stack}" of Entrada: changes by hand are undone.`,
    serviceManagementReference: `entrada/${stack}/superset`,
    assignments: assignments(settings, groupIds),
    credential: {
      kind: "federated" as const,
      issuer: oidcIssuer,
      serviceAccount: { namespace: settings.namespace, name: ACCOUNT },
    },
    protect,
  };
}

function identityArgs({ settings, environment }: SupersetArgs) {
  return {
    identityName: `id-superset-${environment.environment}`,
    resourceGroupName: environment.vault.resourceGroupName,
    location: environment.location,
    issuer: environment.oidcIssuer,
    serviceAccounts: [{ namespace: settings.namespace, name: ACCOUNT }],
  };
}

/** Role → team → group id, for the teams that the settings give each role. Throws on a team without a group. */
export function assignments(
  { access }: Pick<SupersetSettings, "access">,
  groupIds: Readonly<Record<string, pulumi.Input<string>>>,
): Record<string, Record<string, pulumi.Input<string>>> {
  const groupOf = (team: string): pulumi.Input<string> => {
    const id = groupIds[team];
    if (id === undefined) throw new Error(`tools.superset.access names the team "${team}", which is not declared.`);
    return id;
  };
  return Object.fromEntries(
    Object.entries(access).map(([role, teams]) => [
      role,
      Object.fromEntries(teams.map((team) => [team, groupOf(team)])),
    ]),
  );
}

/** Changes with everything that pods read at their start, keys' windows included (a rotation runs the Job that re-encrypts). */
function configHash(
  { settings, environment }: SupersetArgs,
  files: Readonly<Record<string, string>>,
  config: Readonly<Record<string, string>>,
): string {
  const { a, b } = environment.windows;
  return hashOf(settings.image, ...Object.values(files), ...Object.values(config), a.startDate, b.startDate);
}
