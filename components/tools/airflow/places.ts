/** Port of the API server inside the cluster: pages, public API and the API that tasks talk to. */
export const API_PORT = 8080;

/** Port of the scheduler's health check. */
export const SCHEDULER_HEALTH_PORT = 8974;

/** Port on which Celery's workers serve logs of running tasks. */
export const WORKER_LOG_PORT = 8793;

/** Port on which the triggerer serves its logs. */
export const TRIGGERER_LOG_PORT = 8794;

/** Where the configuration's Python files are mounted. */
export const CONFIG = "/etc/airflow/config";

/** Where what the settings say is mounted. */
export const SETTINGS = "/etc/airflow/settings";
