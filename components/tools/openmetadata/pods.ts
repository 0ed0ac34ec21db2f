import type * as pulumi from "@pulumi/pulumi";
import type { Federation, PodArgs } from "../../kubernetes/pod.ts";
import type { SecretMount } from "../../kubernetes/secret-mount.ts";
import { ADMIN_PORT, HOME, SECRETS, SERVER_PORT } from "./server-config.ts";

const CONFIG = "/etc/openmetadata/config";
const SETTINGS = "/etc/openmetadata/settings";
const JOBS = "/etc/openmetadata/jobs";

/** Name of the server's Service. */
export const SERVICE = "openmetadata";

/** The parts of OpenMetadata: the server, what prepares its database, and what talks to its API once or again and again. */
export type Part = "server" | "migrate" | "job" | "reconcile";

/** Labels of one part's pods. */
export function labelsOf(part: Part): Record<string, string> {
  return { "app.kubernetes.io/name": "openmetadata", "app.kubernetes.io/component": part };
}

/** What all pods share. */
interface SharedArgs {
  readonly image: string;
  readonly serviceAccountName: pulumi.Input<string>;
  readonly settingsMap: pulumi.Input<string>;
  readonly secrets: SecretMount;
  /** Client id of OpenMetadata's registration. */
  readonly registrationClientId: pulumi.Input<string>;
  /** Name of the server's public key. */
  readonly keyId: pulumi.Input<string>;
  readonly configHash: string;
}

export interface ServerPodArgs extends SharedArgs {
  readonly configMap: pulumi.Input<string>;
  readonly client: "public" | "confidential";
}

/** The server's pod, or that of its migrations: both read the whole configuration. */
export function serverPod(part: "server" | "migrate", args: ServerPodArgs): PodArgs {
  return {
    ...shared(part, args),
    command: ["/bin/sh", `${CONFIG}/start.sh`, part],
    env: {
      OPENMETADATA_HOME: HOME,
      CONFIG_FILE: `${SETTINGS}/openmetadata.json`,
      SECRETS_FOLDER: SECRETS,
      CLIENT_TYPE: args.client,
      ENTRA_CLIENT_ID: args.registrationClientId,
      JWT_KEY_ID: args.keyId,
      // The root is read-only; the launcher wants a folder for its logs.
      LOG_DIR: "/tmp/logs",
      HOME: "/tmp",
      OPENMETADATA_HEAP_OPTS: "-XX:MaxRAMPercentage=70",
    },
    ports: part === "server" ? PORTS : undefined,
    probes: part === "server" ? PROBES : undefined,
    resources: part === "server" ? { cpu: "500m", memory: "4Gi" } : { cpu: "250m", memory: "2Gi" },
    files: [
      { name: "config", configMap: args.configMap, mountPath: CONFIG },
      { name: "settings", configMap: args.settingsMap, mountPath: SETTINGS },
    ],
  };
}

export interface JobPodArgs extends SharedArgs {
  readonly jobsMap: pulumi.Input<string>;
  /** Namespace of the server. */
  readonly namespace: string;
}

/** The pod that closes the shipped accounts. */
export function accountsPod(args: JobPodArgs): PodArgs {
  return scriptPod("job", "settle_accounts.py", args);
}

export interface ReconcilePodArgs extends JobPodArgs {
  /** Lets the pod ask Graph. */
  readonly federation: Federation;
  /** Object id of the enterprise application. */
  readonly servicePrincipalId: pulumi.Input<string>;
}

/** The pod that takes leavers out. */
export function reconcilePod(args: ReconcilePodArgs): PodArgs {
  const pod = scriptPod("reconcile", "reconcile_people.py", args);
  const env = { ...pod.env, PEOPLE_FILE: `${JOBS}/people.json`, ENTRA_SERVICE_PRINCIPAL_ID: args.servicePrincipalId };
  return { ...pod, env, federation: args.federation };
}

/** The pod of a script that talks to the server's API, signed in with a token that it makes itself. */
function scriptPod(part: "job" | "reconcile", script: string, args: JobPodArgs): PodArgs {
  return {
    ...shared(part, args),
    command: ["python3", `${JOBS}/${script}`],
    env: {
      OPENMETADATA_URL: `http://${SERVICE}.${args.namespace}.svc:${SERVER_PORT}`,
      SETTINGS_FOLDER: SETTINGS,
      SECRETS_FOLDER: SECRETS,
      ENTRA_CLIENT_ID: args.registrationClientId,
      JWT_KEY_ID: args.keyId,
      HOME: "/tmp",
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONUNBUFFERED: "1",
    },
    resources: { cpu: "50m", memory: "128Mi" },
    files: [
      { name: "jobs", configMap: args.jobsMap, mountPath: JOBS },
      { name: "settings", configMap: args.settingsMap, mountPath: SETTINGS },
    ],
  };
}

function shared(part: Part, { image, serviceAccountName, secrets, configHash }: SharedArgs) {
  return { labels: labelsOf(part), image, serviceAccountName, secrets, configHash };
}

const PORTS = [
  { name: "http", port: SERVER_PORT },
  { name: "admin", port: ADMIN_PORT },
];

const alive = { path: "/api/v1/system/health", port: "http" };
// The server's own checks, its database among them. Not for liveness: a slow database would restart every pod.
const ready = { path: "/healthcheck", port: "admin" };

const PROBES: PodArgs["probes"] = {
  startupProbe: { httpGet: alive, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 60 },
  readinessProbe: { httpGet: ready, periodSeconds: 10, timeoutSeconds: 10 },
  livenessProbe: { httpGet: alive, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 3 },
};
