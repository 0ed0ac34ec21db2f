import type * as pulumi from "@pulumi/pulumi";
import { toolUrl } from "../../../model/callbacks.ts";
import { durationSeconds } from "../../../model/settings/index.ts";
import type { Federation, MountedFiles, PodArgs } from "../../kubernetes/pod.ts";
import type { PodIdentity } from "../pod-identity.ts";
import type { MetabaseSettings } from "./contract.ts";
import { GROUPS_FILE } from "./group-ids.ts";

/** Port of the web server inside the cluster. */
export const WEB_PORT = 3000;
/** Name and port of its Service. */
export const SERVICE = { serviceName: "metabase", port: 80, targetPort: WEB_PORT };

const CONFIG = "/etc/metabase/config";
const SETTINGS = "/etc/metabase/settings";
const GROUPS = "/etc/metabase/groups";
const JOBS = "/etc/metabase/jobs";
const SECRETS = "/mnt/secrets";
/** The image's own start script. */
const START = "/app/run_metabase.sh";

export type Part = "web" | "bootstrap" | "reconcile";

/** What the pods share. */
export interface PodsArgs {
  readonly settings: MetabaseSettings;
  readonly administrator: string;
  readonly configMap: pulumi.Input<string>;
  readonly jobsMap: pulumi.Input<string>;
  readonly settingsMap: pulumi.Input<string>;
  /** ConfigMap with the group ids, of the pro edition. */
  readonly groupsMap?: pulumi.Input<string>;
  readonly configHash: string;
}

/** Labels of one part's pods. */
export function labelsOf(part: Part): Record<string, string> {
  return { "app.kubernetes.io/name": "metabase", "app.kubernetes.io/component": part };
}

/** The pod that serves people. */
export function webPod(args: PodsArgs, identity: PodIdentity, clientId: pulumi.Input<string>): PodArgs {
  const health = { path: "/api/health", port: "http" };
  return {
    labels: labelsOf("web"),
    serviceAccountName: identity.accountName,
    image: args.settings.image,
    command: ["/bin/sh", `${CONFIG}/start.sh`, START],
    env: { ...serverEnvironment(args.settings), ...signInEnvironment(args, clientId) },
    ports: [{ name: "http", port: WEB_PORT }],
    probes: {
      startupProbe: { httpGet: health, periodSeconds: 5, failureThreshold: 120 },
      readinessProbe: { httpGet: health, periodSeconds: 10, timeoutSeconds: 5 },
      livenessProbe: { httpGet: health, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 3 },
    },
    resources: { cpu: "1", memory: "2Gi" },
    files: [
      { name: "config", configMap: args.configMap, mountPath: CONFIG },
      ...(args.groupsMap === undefined
        ? []
        : [
            { name: "settings", configMap: args.settingsMap, mountPath: SETTINGS },
            { name: "groups", configMap: args.groupsMap, mountPath: GROUPS },
          ]),
    ],
    secrets: identity.mount,
    configHash: args.configHash,
  };
}

/**
 * The pod that sets Metabase up: a Metabase that listens on loopback alone, without Entra, so that the break-glass account's
 * password works, and beside it the script that uses its API.
 */
export function bootstrapPod(args: PodsArgs, identity: PodIdentity): PodArgs {
  return {
    ...jobPod("bootstrap", args, identity),
    env: {
      ...jobEnvironment(`http://127.0.0.1:${WEB_PORT}`),
      ...(args.groupsMap === undefined
        ? {}
        : {
            METABASE_GROUPS_MAP: args.groupsMap,
            CLUSTER_API: "https://kubernetes.default.svc",
            CLUSTER_TOKEN_FOLDER: "/var/run/secrets/kubernetes.io/serviceaccount",
          }),
    },
    files: [...jobFiles(args), { name: "config", configMap: args.configMap, mountPath: CONFIG }],
    clusterToken: args.groupsMap !== undefined,
    sidecars: [
      {
        name: "metabase",
        image: args.settings.image,
        command: ["/bin/sh", `${CONFIG}/start.sh`, START],
        env: { ...serverEnvironment(args.settings), MB_JETTY_HOST: "127.0.0.1" },
        resources: { cpu: "1", memory: "2Gi" },
      },
    ],
  };
}

/** The pod that takes leavers out. It alone may read the directory. */
export function reconcilePod(args: PodsArgs, identity: PodIdentity, servicePrincipalId: pulumi.Input<string>): PodArgs {
  const federation: Federation = identity.federation;
  return {
    ...jobPod("reconcile", args, identity),
    env: {
      ...jobEnvironment(`http://${SERVICE.serviceName}.${args.settings.namespace}.svc`),
      ENTRA_SERVICE_PRINCIPAL_ID: servicePrincipalId,
    },
    files: jobFiles(args),
    federation,
  };
}

function jobPod(part: "bootstrap" | "reconcile", args: PodsArgs, identity: PodIdentity): PodArgs {
  return {
    labels: labelsOf(part),
    serviceAccountName: identity.accountName,
    image: args.settings.jobs.image,
    command: ["python3", `${JOBS}/${part}.py`],
    resources: { cpu: "50m", memory: "128Mi" },
    secrets: identity.mount,
    configHash: args.configHash,
  };
}

function jobFiles({ jobsMap, settingsMap }: PodsArgs): MountedFiles[] {
  return [
    { name: "jobs", configMap: jobsMap, mountPath: JOBS },
    { name: "settings", configMap: settingsMap, mountPath: SETTINGS },
  ];
}

function jobEnvironment(url: string): Record<string, string> {
  return {
    METABASE_URL: url,
    METABASE_SETTINGS_FILE: `${SETTINGS}/settings.json`,
    METABASE_SECRETS_FOLDER: SECRETS,
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

/** What every Metabase process needs. https://www.metabase.com/docs/latest/configuring-metabase/environment-variables */
function serverEnvironment(settings: MetabaseSettings): Record<string, string> {
  return {
    METABASE_EDITION: settings.edition,
    METABASE_SECRETS_FOLDER: SECRETS,
    METABASE_LOG_LEVEL: settings.logLevel,
    MB_SITE_URL: toolUrl(settings),
    MB_JETTY_PORT: String(WEB_PORT),
    MB_DB_TYPE: "postgres",
    MB_DB_CONNECTION_URI: databaseUri(settings),
    MB_DB_USER: settings.database.user,
    // Minutes from the sign-in on; using Metabase does not prolong a session.
    MAX_SESSION_AGE: String(durationSeconds(settings.session.lifetime) / 60),
    // A public link opens a dashboard to everybody who has it, without a sign-in.
    MB_ENABLE_PUBLIC_SHARING: "false",
    MB_ANON_TRACKING_ENABLED: "false",
    MB_CHECK_FOR_UPDATES: "false",
    MB_LOAD_SAMPLE_CONTENT: "false",
    // The root is read-only; drivers are unpacked here.
    MB_PLUGINS_DIR: "/tmp/plugins",
    HOME: "/tmp",
    JAVA_OPTS: `-XX:MaxRAMPercentage=70 -Dlog4j.configurationFile=file:${CONFIG}/log4j2.xml`,
  };
}

/** PostgreSQL's driver checks the certificate's host and chain, against the authorities that Java trusts. */
function databaseUri({ database: { host, port, name, tls } }: MetabaseSettings): string {
  const checked = "?sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory";
  return `jdbc:postgresql://${host}:${port}/${name}${tls ? checked : ""}`;
}

function signInEnvironment(
  { settings, administrator }: PodsArgs,
  clientId: pulumi.Input<string>,
): Record<string, pulumi.Input<string>> {
  if (settings.edition === "oss") {
    const { host, port, security, from, user } = settings.mail;
    return {
      MB_EMAIL_SMTP_HOST: host,
      MB_EMAIL_SMTP_PORT: String(port),
      MB_EMAIL_SMTP_SECURITY: security,
      MB_EMAIL_FROM_ADDRESS: from,
      ...(user === undefined ? {} : { MB_EMAIL_SMTP_USERNAME: user }),
    };
  }
  return {
    ENTRA_CLIENT_ID: clientId,
    METABASE_OIDC_TEMPLATE: `${SETTINGS}/oidc-providers.json`,
    METABASE_GROUPS_FILE: `${GROUPS}/${GROUPS_FILE}`,
    METABASE_ADMINISTRATOR: administrator,
    MB_CONFIG_FILE_PATH: `${CONFIG}/config.yml`,
    MB_OIDC_USER_PROVISIONING_ENABLED: "true",
    MB_OIDC_ALLOWED_NETWORKS: "external-only",
    MB_ENABLE_PASSWORD_LOGIN: "false",
  };
}
