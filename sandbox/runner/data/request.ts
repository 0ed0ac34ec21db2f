/** A tool's own database, with the user that owns it. */
export interface DatabaseRequest {
  readonly name: string;
  readonly user: string;
  /** The vault's secret with the user's password. */
  readonly secretName: string;
}

/** A user of Redis. */
export interface RedisUserRequest {
  /** Undefined: the default user, who is told by a password alone. */
  readonly name?: string;
  /** Beginning of the keys that a named user is held to. Default: its name. The default user has all keys. */
  readonly keys?: string;
  /** The vault's secret with the password. */
  readonly secretName: string;
}

/** A server where the settings say that one stands. */
export interface ServerRequest {
  readonly host: string;
  readonly port: number;
  /** Whether it speaks TLS, under its host's name. PostgreSQL then refuses everything else. */
  readonly tls: boolean;
}

export interface PostgresRequest extends ServerRequest {
  readonly databases: readonly DatabaseRequest[];
}

export interface RedisRequest extends ServerRequest {
  readonly users: readonly RedisUserRequest[];
}

/** What tools need of servers. */
export interface StoreRequest {
  readonly postgres: readonly PostgresRequest[];
  readonly redis: readonly RedisRequest[];
}

/** A server's host and port as one text: the name of what belongs to it. */
export function addressOf({ host, port }: Pick<ServerRequest, "host" | "port">): string {
  return `${host}:${port}`;
}

/**
 * Refuses what no server could give: two servers behind one address, one user with two passwords, one database with two owners.
 * Redis' default user may have several passwords, as Redis takes them all.
 *
 * @param requests all that was asked for up to now, and what is asked for anew
 */
export function checkRequests(requests: readonly StoreRequest[]): void {
  const taken = new Map<string, string>();
  const claim = (what: string, by: string, fix: string) => {
    const before = taken.get(what) ?? by;
    if (before !== by) throw new Error(`${what} would have ${before} and ${by}. ${fix}`);
    taken.set(what, by);
  };
  const server = (kind: string, request: ServerRequest) => {
    const address = addressOf(request);
    claim(`The server at ${address}`, kind, "Give one of them another host or port in the settings.");
    claim(`${kind} at ${address}`, request.tls ? "tls: true" : "tls: false", "Write the same in all tools' settings.");
  };
  for (const request of requests.flatMap(({ postgres }) => postgres)) {
    server("PostgreSQL", request);
    for (const { name, user, secretName } of request.databases) {
      const at = `of ${addressOf(request)}`;
      claim(`User ${user} ${at}`, `the password ${secretName}`, "Give each tool a user of its own.");
      claim(`Database ${name} ${at}`, `the owner ${user}`, "Give each tool a database of its own.");
    }
  }
  for (const request of requests.flatMap(({ redis }) => redis)) {
    server("Redis", request);
    for (const { name, secretName } of request.users) {
      if (name === undefined) continue;
      claim(`User ${name} of ${addressOf(request)}`, `the password ${secretName}`, "Give each a name of its own.");
    }
  }
}
