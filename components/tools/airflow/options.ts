import { durationSeconds } from "../../../model/settings/index.ts";
import { vaultHosts } from "../../kubernetes/hosts.ts";
import type { AirflowSettings } from "./contract.ts";
import { API_PORT, CONFIG, SCHEDULER_HEALTH_PORT, SETTINGS } from "./places.ts";

/** Section → option → value, as Airflow's configuration file has them. */
export type Options = Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>;

interface OptionsArgs {
  readonly settings: AirflowSettings;
  readonly vaultName: string;
}

/** A value that is made of secrets: Airflow runs the command and takes what it prints. */
const made = (value: string) => `python ${CONFIG}/entrada_values.py ${value}`;

/** `airflow.cfg` of all parts but workers. Names and defaults: Airflow 3.2.2 to 3.3.2 and the FAB provider 3.10.2. */
export function options({ settings, vaultName }: OptionsArgs): Options {
  const session = durationSeconds(settings.session.lifetime);
  const audience = `https://${settings.host}`;
  return {
    ...shared(settings, vaultName),
    database: { sql_alchemy_conn_cmd: made("database"), sql_alchemy_conn_async_cmd: made("database_async") },
    core: { ...core(settings), fernet_key_cmd: made("fernet_keys") },
    api: {
      // With https and the public host here, redirect URIs and cookies come out right behind the gateway.
      base_url: `https://${settings.host}`,
      port: API_PORT,
      workers: 2,
      expose_config: false,
      expose_stacktrace: false,
      secret_key_cmd: made("api_secret_key"),
      // Airflow 3.2 writes this audience into its tokens, and then demands that of api_auth.
      ...(settings.version.startsWith("3.2.") ? { jwt_audience: audience } : {}),
    },
    api_auth: {
      jwt_secret_cmd: made("jwt_secret"),
      jwt_issuer: `https://${settings.host}`,
      jwt_audience: audience,
      // A person's token ends with the session at the latest (session_max_lifetime_minutes caps it); a program's is shorter.
      jwt_expiration_time: session,
      jwt_cli_expiration_time: durationSeconds(settings.tokens.lifetime),
    },
    fab: {
      config_file: `${CONFIG}/webserver_config.py`,
      auth_role_public: "",
      session_backend: "database",
      session_lifetime_minutes: session / 60,
      // Without it a session that is used never ends.
      session_max_lifetime_minutes: session / 60,
      cookie_secure: true,
      cookie_samesite: "Lax",
      // One proxy is trusted; the gateway removes what callers put into these headers.
      enable_proxy_fix: true,
      proxy_fix_x_for: 1,
      proxy_fix_x_proto: 1,
      proxy_fix_x_host: 1,
      proxy_fix_x_port: 0,
      proxy_fix_x_prefix: 0,
      cache_ttl: 30,
      // The migration Job does it once, instead of every server at its start.
      update_fab_perms: false,
      custom_roles: customRoles(settings),
    },
    scheduler: { enable_health_check: true, scheduler_health_check_server_port: SCHEDULER_HEALTH_PORT },
    ...(settings.executor === "kubernetes" ? { kubernetes_executor: kubernetes(settings.namespace) } : { celery }),
  };
}

/** `worker.cfg`: workers run DAG authors' code, so they get neither the database nor a key; they ask the API server. */
export function workerOptions({ settings, vaultName }: OptionsArgs): Options {
  const keys: Options =
    settings.executor === "kubernetes" ? {} : { api: { secret_key_cmd: made("api_secret_key") }, celery };
  return {
    ...shared(settings, vaultName),
    core: core(settings),
    // Never connected to. Airflow would open a file of its own otherwise, which Celery's executor refuses.
    database: { sql_alchemy_conn: "postgresql+psycopg2://workers-have-no-database.invalid/none" },
    ...keys,
  };
}

const celery = {
  broker_url_cmd: made("redis"),
  result_backend_cmd: made("redis"),
  worker_concurrency: 8,
};

function core(settings: AirflowSettings) {
  return {
    auth_manager: "entrada_auth_manager.EntradaAuthManager",
    executor: settings.executor === "kubernetes" ? "KubernetesExecutor" : "CeleryExecutor",
    execution_api_server_url: `http://airflow.${settings.namespace}.svc.cluster.local/execution/`,
    dags_folder: "/opt/airflow/dags",
    plugins_folder: "/opt/airflow/plugins",
    load_examples: false,
    test_connection: "Disabled",
  };
}

function shared(settings: AirflowSettings, vaultName: string): Options {
  return {
    logging: { base_log_folder: "/tmp/airflow/logs", logging_level: settings.logLevel },
    secrets: {
      backend: "airflow.providers.microsoft.azure.secrets.key_vault.AzureKeyVaultBackend",
      // Connections alone: an identity may read those of the settings and nothing else, so looking for more only fails.
      backend_kwargs: JSON.stringify({
        vault_url: `https://${vaultHosts(vaultName)[0]}`,
        connections_prefix: "airflow-connections",
        variables_prefix: null,
        config_prefix: null,
      }),
    },
    usage_data_collection: { enabled: false },
  };
}

function kubernetes(namespace: string) {
  return {
    namespace,
    in_cluster: true,
    multi_namespace_mode: false,
    pod_template_file: `${SETTINGS}/worker-pod.json`,
    delete_worker_pods: true,
    // Their logs are all that is left of a task that failed.
    delete_worker_pods_on_failure: false,
  };
}

/** Declared roles in Airflow's form. Airflow adds what is missing; the migration Job also takes away what is not declared. */
function customRoles({ roles }: AirflowSettings): string {
  const permissions = (role: AirflowSettings["roles"][string]) =>
    Object.entries(role.permissions).flatMap(([resource, actions]) => actions.map((action) => ({ action, resource })));
  return JSON.stringify(Object.fromEntries(Object.entries(roles).map(([name, role]) => [name, permissions(role)])));
}

/** The file's text. Airflow reads a percent sign as the begin of a reference, so it is doubled. */
export function ini(sections: Options): string {
  const value = (given: string | number | boolean) =>
    typeof given === "boolean" ? (given ? "True" : "False") : String(given).replaceAll("%", "%%");
  return Object.entries(sections)
    .map(([section, entries]) =>
      [`[${section}]`, ...Object.entries(entries).map(([name, given]) => `${name} = ${value(given)}`), ""].join("\n"),
    )
    .join("\n");
}
