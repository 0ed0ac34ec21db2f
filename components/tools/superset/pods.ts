import type * as pulumi from "@pulumi/pulumi";
import type { Federation, MountedFiles, PodArgs, Resources } from "../../kubernetes/pod.ts";
import type { SecretMount } from "../../kubernetes/secret-mount.ts";

/** Port of the web server inside the cluster. */
export const WEB_PORT = 8088;

const CONFIG = "/etc/superset/config";
const SETTINGS = "/etc/superset/settings";
const CELERY = ["celery", "--app=superset.tasks.celery_app:app"];

/** Sizes that serve a few hundred people; a tool of its own size sets its own. */
const RESOURCES: Record<Part, Resources> = {
  web: { cpu: "500m", memory: "2Gi" },
  worker: { cpu: "500m", memory: "2Gi" },
  beat: { cpu: "50m", memory: "512Mi" },
  migrate: { cpu: "250m", memory: "1Gi" },
};

/** The parts of Superset. */
export type Part = "web" | "worker" | "beat" | "migrate";

/** What all parts share. */
export interface PodsArgs {
  readonly image: string;
  readonly serviceAccountName: pulumi.Input<string>;
  readonly configMap: pulumi.Input<string>;
  readonly settingsMap: pulumi.Input<string>;
  readonly secrets: SecretMount;
  /** Client id of Superset's registration. */
  readonly registrationClientId: pulumi.Input<string>;
  readonly federation: Federation;
  readonly configHash: string;
}

/** Labels of one part's pods, or of all Superset's. */
export function labelsOf(part?: Part): Record<string, string> {
  const app = { "app.kubernetes.io/name": "superset" };
  return part === undefined ? app : { ...app, "app.kubernetes.io/component": part };
}

/** The pod of one part. Only web pods get a service-account token: nobody else signs people in. */
export function podOf(part: Part, args: PodsArgs): PodArgs {
  return {
    labels: labelsOf(part),
    serviceAccountName: args.serviceAccountName,
    image: args.image,
    command: COMMANDS[part],
    env: environment(args),
    ports: part === "web" ? [{ name: "http", port: WEB_PORT }] : undefined,
    probes: PROBES[part],
    resources: RESOURCES[part],
    files: mountedFiles(args),
    secrets: args.secrets,
    federation: part === "web" ? args.federation : undefined,
    configHash: args.configHash,
  };
}

function mountedFiles({ configMap, settingsMap }: PodsArgs): MountedFiles[] {
  return [
    { name: "config", configMap, mountPath: CONFIG },
    { name: "settings", configMap: settingsMap, mountPath: SETTINGS },
  ];
}

function environment({ registrationClientId, federation }: PodsArgs): Record<string, pulumi.Input<string>> {
  return {
    SUPERSET_CONFIG_PATH: `${CONFIG}/superset_config.py`,
    SUPERSET_SETTINGS_FILE: `${SETTINGS}/settings.json`,
    SUPERSET_ROLES_FILE: `${SETTINGS}/roles.json`,
    SUPERSET_SECRETS_FOLDER: "/mnt/secrets",
    // The root is read-only; what Superset and its libraries keep in a home folder goes to /tmp.
    SUPERSET_HOME: "/tmp/superset",
    HOME: "/tmp",
    PYTHONDONTWRITEBYTECODE: "1",
    // For pages that are built anew. The published ones ask a telemetry service all the same; the policy of their content keeps browsers from it.
    SCARF_ANALYTICS: "false",
    ENTRA_CLIENT_ID: registrationClientId,
    AZURE_TENANT_ID: federation.tenantId,
    AZURE_AUTHORITY_HOST: federation.authorityHost ?? "https://login.microsoftonline.com/",
  };
}

const COMMANDS: Record<Part, readonly string[]> = {
  web: [
    "gunicorn",
    `--bind=0.0.0.0:${WEB_PORT}`,
    "--worker-class=gthread",
    "--workers=2",
    "--threads=16",
    "--timeout=120",
    "--worker-tmp-dir=/tmp",
    "--access-logfile=-",
    // Addresses without their queries: the callback's holds a code.
    '--access-logformat=%(h)s %(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)s ms "%(a)s"',
    "superset.app:create_app()",
  ],
  worker: [...CELERY, "worker", "--pool=prefork", "-O", "fair", "--concurrency=4"],
  beat: [...CELERY, "beat", "--pidfile=/tmp/celerybeat.pid", "--schedule=/tmp/celerybeat-schedule"],
  migrate: ["/bin/sh", `${CONFIG}/migrate.sh`],
};

const health = { path: "/health", port: "http" };
const ping = { command: ["/bin/sh", "-c", `${CELERY.join(" ")} inspect ping -d "celery@$HOSTNAME"`] };
// Beat writes its schedule every three minutes; a file that is older means that it hangs.
const beating = {
  command: ["/bin/sh", "-c", 'test -n "$(find /tmp -maxdepth 1 -name "celerybeat-schedule*" -mmin -10)"'],
};

const PROBES: Record<Part, PodArgs["probes"]> = {
  web: {
    startupProbe: { httpGet: health, periodSeconds: 5, failureThreshold: 60 },
    readinessProbe: { httpGet: health, periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: { httpGet: health, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 3 },
  },
  worker: {
    startupProbe: { exec: ping, periodSeconds: 15, timeoutSeconds: 30, failureThreshold: 20 },
    readinessProbe: { exec: ping, periodSeconds: 60, timeoutSeconds: 30 },
    livenessProbe: { exec: ping, periodSeconds: 120, timeoutSeconds: 60, failureThreshold: 3 },
  },
  beat: {
    startupProbe: { exec: beating, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 30 },
    readinessProbe: { exec: beating, periodSeconds: 60, timeoutSeconds: 5 },
    livenessProbe: { exec: beating, periodSeconds: 120, timeoutSeconds: 5, failureThreshold: 3 },
  },
  migrate: {},
};
