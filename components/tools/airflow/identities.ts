import type * as pulumi from "@pulumi/pulumi";
import type { ToolPartner } from "../../../model/partners.ts";
import { VaultAccess } from "../../azure/vault-access.ts";
import { WorkloadIdentity } from "../../azure/workload-identity.ts";
import type { MountedSecret, SecretMount } from "../../kubernetes/secret-mount.ts";
import { ServiceAccount } from "../../kubernetes/service-account.ts";
import type { ToolEnvironment } from "../environment.ts";
import { partnerSecrets } from "../fab/partners.ts";
import { createPodIdentity, type PodIdentity } from "../pod-identity.ts";
import type { AirflowSettings } from "./contract.ts";
import type { AirflowSecrets } from "./secrets.ts";

/** Service account of each group of parts with the same rights. The registration trusts the first one's tokens alone. */
export const ACCOUNTS = {
  server: "airflow",
  scheduler: "airflow-scheduler",
  dags: "airflow-dags",
  worker: "airflow-worker",
} as const;

export interface IdentitiesArgs {
  readonly settings: AirflowSettings;
  readonly environment: ToolEnvironment;
  readonly partners: readonly ToolPartner[];
  readonly namespace: pulumi.Input<string>;
  readonly secrets: AirflowSecrets;
}

/** The identity of workers, which may have no secret to mount. */
export interface WorkerIdentity {
  readonly accountName: pulumi.Output<string>;
  readonly clientId: pulumi.Input<string>;
  readonly mount: SecretMount | undefined;
  readonly ready: readonly pulumi.Resource[];
}

/** Who Airflow's parts are. Parts differ in what they read, so that DAG authors' code holds no key of tokens or sessions. */
export interface Identities {
  /** API server and migrations: sign-in, tokens, the database. */
  readonly server: PodIdentity;
  /** Scheduler: the database, tokens of tasks, Redis or pods. */
  readonly scheduler: PodIdentity;
  /** DAG processor and triggerer: the database and connections. */
  readonly dags: PodIdentity;
  /** Workers: connections, and Redis with Celery. */
  readonly worker: WorkerIdentity;
  readonly ready: readonly pulumi.Resource[];
}

export function createIdentities(name: string, args: IdentitiesArgs, child: { parent: pulumi.Resource }): Identities {
  const { database, fernet, api, jwt, redis } = args.secrets;
  const queue = redis === undefined ? [] : [redis];
  const identityOf = (group: keyof typeof ACCOUNTS, secrets: readonly MountedSecret[]) =>
    createPodIdentity(
      partName(name, group),
      {
        identity: ACCOUNTS[group],
        account: ACCOUNTS[group],
        namespaceName: args.settings.namespace,
        namespace: args.namespace,
        environment: args.environment,
        secrets,
      },
      child,
    );

  const server = identityOf("server", [database, ...fernet, api, jwt, ...partnerSecrets(args.partners)]);
  const scheduler = identityOf("scheduler", [database, ...fernet, jwt, ...queue]);
  const dags = identityOf("dags", [database, ...fernet, api]);
  const worker =
    redis === undefined ? workerWithoutSecrets(name, args, child) : celeryWorker(identityOf("worker", [api, redis]));
  const connections = [
    connectionAccess(partName(name, "dags"), dags.principalId, args, child),
    connectionAccess(partName(name, "worker"), worker.principalId, args, child),
  ];
  const ready = [...server.ready, ...scheduler.ready, ...dags.ready, ...worker.ready, ...connections];
  return { server, scheduler, dags, worker, ready };
}

function partName(name: string, group: keyof typeof ACCOUNTS): string {
  return group === "server" ? name : `${name}-${group}`;
}

function celeryWorker({ accountName, clientId, mount, principalId, ready }: PodIdentity) {
  return { accountName, clientId, mount, principalId, ready };
}

/** Task pods of the Kubernetes executor: an account and an identity, nothing to mount. */
function workerWithoutSecrets(name: string, args: IdentitiesArgs, child: { parent: pulumi.Resource }) {
  const { environment, settings, namespace } = args;
  const identity = new WorkloadIdentity(
    `${name}-worker-identity`,
    {
      identityName: `id-${ACCOUNTS.worker}-${environment.environment}`,
      resourceGroupName: environment.vault.resourceGroupName,
      location: environment.location,
      issuer: environment.oidcIssuer,
      serviceAccounts: [{ namespace: settings.namespace, name: ACCOUNTS.worker }],
    },
    child,
  );
  const { clientId, principalId } = identity;
  const { accountName } = new ServiceAccount(
    `${name}-worker-account`,
    { namespace, accountName: ACCOUNTS.worker, clientId },
    child,
  );
  return { accountName, clientId, mount: undefined, principalId, ready: [identity] };
}

/**
 * The right to read the declared connections, secret by secret: Azure's roles know no prefixes, and the vault serves other
 * tools too.
 */
function connectionAccess(
  name: string,
  principalId: pulumi.Input<string>,
  { settings, environment: { vault, vaultName, subscriptionId } }: IdentitiesArgs,
  child: { parent: pulumi.Resource },
): VaultAccess {
  const secretNames = settings.connections.map((id) => `airflow-connections-${id}`);
  return new VaultAccess(
    `${name}-connections`,
    { vaultId: vault.vaultId, vaultName, subscriptionId, principalId, secretNames },
    child,
  );
}
