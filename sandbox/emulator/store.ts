import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Directory } from "./directory.ts";

/** The one directory behind every host of the emulator, kept in a file that only its user can read. */
export interface Store {
  /** The live objects. Change them inside `mutate` only, or the change is not kept. */
  readonly data: Directory;
  /** Runs the change and writes the file before it returns, so that an answered request survives a kill. */
  mutate<T>(change: (data: Directory) => T): T;
}

export function emptyDirectory(tenantId: string, domains: string[]): Directory {
  return {
    tenantId,
    domains,
    users: {},
    groups: {},
    applications: {},
    servicePrincipals: {},
    appRoleAssignments: {},
    oauth2PermissionGrants: {},
    conditionalAccessPolicies: {},
    namedLocations: {},
    authenticationStrengths: {},
    armResources: {},
    deletedVaults: {},
    vaultSecrets: {},
    vaultKeys: {},
    blobs: {},
  };
}

/** A store that forgets, for tests. */
export function memoryStore(data: Directory): Store {
  return { data, mutate: (change) => change(data) };
}

/**
 * A store in a JSON file (mode 0600). Each change goes to a temporary file that then takes the place of the old one: a
 * kill at any moment leaves the last complete state.
 */
export function fileStore(file: string, initial: () => Directory): Store {
  const data = readDirectory(file) ?? initial();
  const save = () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const next = `${file}.next`;
    writeFileSync(next, JSON.stringify(data), { mode: 0o600 });
    renameSync(next, file);
  };
  save();
  return {
    data,
    mutate: (change) => {
      const result = change(data);
      save();
      return result;
    },
  };
}

/** The stored directory. What a sandbox of an older version does not know yet is empty. */
function readDirectory(file: string): Directory | undefined {
  try {
    const stored = JSON.parse(readFileSync(file, "utf8")) as Directory;
    return { ...emptyDirectory(stored.tenantId, stored.domains), ...stored };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(
      `The sandbox's directory file ${file} cannot be read: ${(error as Error).message}. Run "entrada sandbox reset" to start anew.`,
    );
  }
}
