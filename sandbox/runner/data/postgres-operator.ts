import pg from "pg";
import { OPERATOR } from "./postgres-files.ts";
import { isVerifierOf, scramVerifier } from "./scram.ts";

/** A database as it shall be. */
export interface WantedDatabase {
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

/** Where a server has its socket. */
export interface SocketPlace {
  readonly socketFolder: string;
  /** Part of the socket's name. */
  readonly port: number;
}

/** Runs something as the operator, who comes in by the socket. */
export async function asOperator<T>(at: SocketPlace, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ host: at.socketFolder, port: at.port, user: OPERATOR, database: "postgres" });
  // A server that ends meanwhile fails the query; without a listener it would end this process too.
  client.on("error", () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Shuts the databases that every server has for all but the operator: whoever has a password has a database of its own. */
export async function closeSharedDatabases(client: pg.Client): Promise<void> {
  for (const name of ["postgres", "template1"]) await revokeFromPublic(client, name);
}

/**
 * Makes user and database, and changes what differs: open connections stay. Says what it did, in words for people.
 * The server is told a verifier, never the password.
 */
export async function applyDatabase(client: pg.Client, wanted: WantedDatabase): Promise<string[]> {
  const done: string[] = [];
  const user = pg.escapeIdentifier(wanted.user);
  const name = pg.escapeIdentifier(wanted.name);

  const role = await client.query<{ rolpassword: string | null }>(
    "SELECT rolpassword FROM pg_authid WHERE rolname = $1",
    [wanted.user],
  );
  const known = role.rows[0];
  if (known === undefined || !isVerifierOf(known.rolpassword, wanted.password)) {
    const word = known === undefined ? "CREATE" : "ALTER";
    await client.query(
      `${word} ROLE ${user} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${pg.escapeLiteral(scramVerifier(wanted.password))}`,
    );
    done.push(known === undefined ? `user ${wanted.user} made` : `user ${wanted.user} has a new password`);
  }

  const database = await client.query<{ owner: string }>(
    "SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = $1",
    [wanted.name],
  );
  const owner = database.rows[0]?.owner;
  if (owner === undefined) {
    await client.query(`CREATE DATABASE ${name} OWNER ${user} TEMPLATE template0`);
    done.push(`database ${wanted.name} made`);
  } else if (owner !== wanted.user) {
    await client.query(`ALTER DATABASE ${name} OWNER TO ${user}`);
    done.push(`database ${wanted.name} belongs to ${wanted.user} now`);
  }
  // Every time, since a run may have been cut off between the two.
  await revokeFromPublic(client, wanted.name);
  return done;
}

/** Takes away what every user may do in a new database. Its owner keeps it. */
async function revokeFromPublic(client: pg.Client, name: string): Promise<void> {
  await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${pg.escapeIdentifier(name)} FROM PUBLIC`);
}
