/** The sandbox's own user of every PostgreSQL. No setting can name it: their users have no spaces. */
export const OPERATOR = "entrada operator";

/** Where one PostgreSQL finds its things, beside its data. */
export interface PostgresPlaces {
  /** Holds the operator's socket and nothing that others may reach. */
  readonly socketFolder: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly hbaFile: string;
}

/**
 * `postgresql.conf`. Small, since it serves a handful of people. It never waits for the disk: a server that is killed recovers
 * with all that was committed, a machine that loses power may lose the sandbox's databases.
 *
 * No statement is logged, and of an error its message alone: statements and details hold people's data.
 */
export function postgresConfig(places: PostgresPlaces, port: number): string {
  return lines({
    hba_file: places.hbaFile,
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: places.socketFolder,
    unix_socket_permissions: "0700",
    max_connections: 200,
    ssl: "on",
    ssl_cert_file: places.certFile,
    ssl_key_file: places.keyFile,
    password_encryption: "scram-sha-256",
    shared_buffers: "64MB",
    // Nothing is left in the machine's shared memory when a server is killed.
    dynamic_shared_memory_type: "mmap",
    max_parallel_workers_per_gather: 0,
    jit: "off",
    fsync: "off",
    full_page_writes: "off",
    wal_level: "minimal",
    max_wal_senders: 0,
    max_wal_size: "256MB",
    log_statement: "none",
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    log_line_prefix: "%m ",
    log_timezone: "UTC",
    timezone: "UTC",
  });
}

/**
 * `pg_hba.conf`: the operator by its socket alone, everybody else over the network with a password. Which database a user may
 * open is a right of the database.
 */
export function postgresAccess(tls: boolean): string {
  return [
    `local all "${OPERATOR}" trust`,
    "local all all reject",
    `host all "${OPERATOR}" all reject`,
    `${tls ? "hostssl" : "host"} all all 127.0.0.1/32 scram-sha-256`,
    "",
  ].join("\n");
}

function lines(settings: Readonly<Record<string, string | number>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key} = '${String(value).replaceAll("'", "''")}'\n`)
    .join("");
}
