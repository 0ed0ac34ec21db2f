import type * as pulumi from "@pulumi/pulumi";
import type { Federation, PodArgs, Resources } from "../../kubernetes/pod.ts";
import { PRIVATE_RANGES } from "../../kubernetes/private-ranges.ts";
import type { SecretMount } from "../../kubernetes/secret-mount.ts";
import { API_PORT, CONFIG, SCHEDULER_HEALTH_PORT, SETTINGS } from "./places.ts";

/** The parts of Airflow. */
export type Part = "api-server" | "scheduler" | "dag-processor" | "triggerer" | "worker" | "migrate";

/** Parts that work with Airflow's database. Workers ask the API server. */
const WITH_DATABASE: readonly Part[] = ["api-server", "scheduler", "dag-processor", "triggerer", "migrate"];

/** Sizes that serve a few hundred DAGs; a tool of its own size sets its own. */
const RESOURCES: Record<Part, Resources> = {
  "api-server": { cpu: "500m", memory: "2Gi" },
  scheduler: { cpu: "500m", memory: "1Gi" },
  "dag-processor": { cpu: "500m", memory: "1Gi" },
  triggerer: { cpu: "250m", memory: "1Gi" },
  worker: { cpu: "500m", memory: "2Gi" },
  migrate: { cpu: "250m", memory: "1Gi" },
};

/** User of the official image. */
const USER = 50_000;

/** What all parts share. */
export interface SharedPodArgs {
  readonly image: string;
  readonly configMap: pulumi.Input<string>;
  readonly settingsMap: pulumi.Input<string>;
  readonly configHash: string;
}

/** What one part has of its own. */
export interface PartPodArgs {
  readonly serviceAccountName: pulumi.Input<string>;
  readonly secrets?: SecretMount;
  /** Lets the part prove itself to Entra. @default it never speaks to Entra */
  readonly federation?: Federation;
  /** Whether the part works with pods of the cluster. @default false */
  readonly clusterToken?: boolean;
  /** Further variables. */
  readonly env?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Label of pods that reach the database, so that one network policy names them all. */
export const DATABASE_LABEL = { "entrada/database": "airflow" };

/** Labels of one part's pods, or of all Airflow's. */
export function labelsOf(part?: Part): Record<string, string> {
  const app = { "app.kubernetes.io/name": "airflow" };
  if (part === undefined) return app;
  const labels = { ...app, "app.kubernetes.io/component": part };
  return WITH_DATABASE.includes(part) ? { ...labels, ...DATABASE_LABEL } : labels;
}

/** The pod of one part. */
export function podOf(part: Part, shared: SharedPodArgs, own: PartPodArgs): PodArgs {
  return {
    labels: labelsOf(part),
    serviceAccountName: own.serviceAccountName,
    image: shared.image,
    command: COMMANDS[part],
    env: { ...environment(part), ...own.env },
    ports: PORTS[part],
    probes: PROBES[part],
    resources: RESOURCES[part],
    files: [
      { name: "config", configMap: shared.configMap, mountPath: CONFIG },
      { name: "settings", configMap: shared.settingsMap, mountPath: SETTINGS },
    ],
    secrets: own.secrets,
    federation: own.federation,
    clusterToken: own.clusterToken,
    configHash: shared.configHash,
    user: USER,
  };
}

function environment(part: Part): Record<string, string> {
  return {
    AIRFLOW_CONFIG: `${SETTINGS}/${part === "worker" ? "worker" : "airflow"}.cfg`,
    // The root is read-only; what Airflow keeps in its home folder goes to /tmp.
    AIRFLOW_HOME: "/tmp/airflow",
    PYTHONPATH: CONFIG,
    PYTHONDONTWRITEBYTECODE: "1",
    ENTRADA_SETTINGS_FILE: `${SETTINGS}/settings.json`,
    ENTRADA_SECRETS_FOLDER: "/mnt/secrets",
    // Where the database's certificate is checked against, for the driver that takes no file in its address.
    PGSSLROOTCERT: "/etc/ssl/certs/ca-certificates.crt",
    // Uvicorn believes the gateway's headers; network policies let nobody else reach this port from outside the namespace. With
    // "*" it would take the first address of X-Forwarded-For, which is the client's own word.
    ...(part === "api-server" ? { FORWARDED_ALLOW_IPS: PRIVATE_RANGES.join(",") } : {}),
  };
}

const COMMANDS: Record<Part, readonly string[]> = {
  "api-server": ["airflow", "api-server", "--proxy-headers"],
  scheduler: ["airflow", "scheduler"],
  "dag-processor": ["airflow", "dag-processor"],
  triggerer: ["airflow", "triggerer"],
  worker: ["airflow", "celery", "worker"],
  migrate: ["/bin/sh", `${CONFIG}/migrate.sh`],
};

const PORTS: Partial<Record<Part, PodArgs["ports"]>> = {
  "api-server": [{ name: "http", port: API_PORT }],
  scheduler: [{ name: "health", port: SCHEDULER_HEALTH_PORT }],
};

const version = { path: "/api/v2/version", port: "http" };
const health = { path: "/health", port: "health" };
/** Asks the database whether this pod's own job has reported lately; starting Airflow's command takes seconds. */
const job = (type: string) => ({ command: ["airflow", "jobs", "check", "--job-type", type, "--local"] });
const jobProbes = (type: string): PodArgs["probes"] => ({
  startupProbe: { exec: job(type), periodSeconds: 15, timeoutSeconds: 30, failureThreshold: 20 },
  livenessProbe: { exec: job(type), periodSeconds: 60, timeoutSeconds: 30, failureThreshold: 5 },
});
const ping = {
  command: [
    "/bin/sh",
    "-c",
    'celery --app airflow.providers.celery.executors.celery_executor.app inspect ping -d "celery@$HOSTNAME"',
  ],
};

const PROBES: Record<Part, PodArgs["probes"]> = {
  "api-server": {
    startupProbe: { httpGet: version, periodSeconds: 5, failureThreshold: 60 },
    readinessProbe: { httpGet: version, periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: { httpGet: version, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 3 },
  },
  scheduler: {
    startupProbe: { httpGet: health, periodSeconds: 5, failureThreshold: 60 },
    livenessProbe: { httpGet: health, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 5 },
  },
  "dag-processor": jobProbes("DagProcessorJob"),
  triggerer: jobProbes("TriggererJob"),
  worker: {
    startupProbe: { exec: ping, periodSeconds: 15, timeoutSeconds: 30, failureThreshold: 20 },
    livenessProbe: { exec: ping, periodSeconds: 120, timeoutSeconds: 60, failureThreshold: 3 },
  },
  migrate: {},
};
