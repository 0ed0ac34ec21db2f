import { createHash } from "node:crypto";

/** A user of Redis as it shall be. */
export interface WantedUser {
  /** Undefined: the default user. */
  readonly name?: string;
  /** Beginning of its keys. Default: its name. */
  readonly keys?: string;
  readonly password: string;
}

/** The sandbox's own user. It may do nothing but make users. */
export const OPERATOR = "entrada-operator";

/** How Redis' ACL writes a password: as its hash. */
export function hashOfPassword(password: string): string {
  return `#${createHash("sha256").update(password).digest("hex")}`;
}

/** The ACL file that a server starts with: until it is told its users, nobody gets in but the operator. */
export function startingUsers(operatorPassword: string): string {
  return `user default off\nuser ${OPERATOR} on ${hashOfPassword(operatorPassword)} -@all +acl|setuser +ping\n`;
}

/** User → the words of `ACL SETUSER`. Only the default user may have been asked for more than once, with several passwords. */
export function userRules(wanted: readonly WantedUser[]): Map<string, readonly string[]> {
  const hashes = new Map<string, Set<string>>();
  for (const { name = "default", password } of wanted) {
    hashes.set(name, (hashes.get(name) ?? new Set()).add(hashOfPassword(password)));
  }
  return new Map(
    wanted.map(({ name, keys }) => [
      name ?? "default",
      ["on", "resetpass", ...(hashes.get(name ?? "default") ?? []), ...rights(name, keys)],
    ]),
  );
}

/**
 * A named user keeps to its own keys, as docs/proxy.md asks of an operator. The default user is what a managed Redis gives to
 * whoever has its key: everything but running the server. `CLIENT` counts as that, but libraries name themselves with it.
 */
function rights(name: string | undefined, keys: string | undefined): string[] {
  if (name === undefined) return ["allkeys", "allchannels", "nocommands", "+@all", "-@admin", "+client"];
  return ["resetkeys", `~${keys ?? name}*`, "resetchannels", "nocommands", "+@all", "-@admin", "-@dangerous"];
}
