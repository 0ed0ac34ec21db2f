import { z } from "zod";
import { described, duration, hostName, parseImage, port, toolShape } from "../../../model/settings/index.ts";
import type { ContractProblem } from "../../../model/tool-contract.ts";

/** The PostgreSQL database that a tool keeps its own data in. `id` is the default of its name and its user. */
export function databaseShape(id: string, displayName: string) {
  return described(
    z.strictObject({
      host: hostName(
        `Host of the PostgreSQL server that keeps ${displayName}'s own data.`,
        "contoso-prod.postgres.database.azure.com",
      ),
      port: port("Port of PostgreSQL.", 5432),
      name: described(
        z
          .string()
          .regex(/^[a-z_][a-z0-9_-]{0,62}$/)
          .default(id),
        {
          description: `Name of the database. Default: ${id}.`,
          allowed: "up to 63 lower-case letters, digits, hyphens and underscores",
          example: id,
        },
      ),
      user: described(
        z
          .string()
          .regex(/^[A-Za-z_][\w-]{0,62}$/)
          .default(id),
        {
          description: `User of the database. Default: ${id}.`,
          allowed: "up to 63 letters, digits, hyphens and underscores",
          example: id,
        },
      ),
      tls: described(z.boolean().default(true), {
        description: "Whether the connection is encrypted and the server's certificate checked. Default: true.",
        allowed: "true or false",
        example: true,
      }),
    }),
    {
      description: `The PostgreSQL database of ${displayName}.`,
      allowed: "the keys host, port, name, user and tls",
      example: { host: "contoso-prod.postgres.database.azure.com" },
    },
  );
}

/** A Redis server of a tool. @param uses what it is for @example "sessions, caches and the task queue" */
export function redisShape(displayName: string, uses: string) {
  return described(
    z.strictObject({
      host: hostName(`Host of the Redis server for ${uses}.`, "contoso-prod.redis.cache.windows.net"),
      port: port("Port of Redis.", 6380),
      tls: described(z.boolean().default(true), {
        description: "Whether the connection is encrypted. Default: true.",
        allowed: "true or false",
        example: true,
      }),
    }),
    {
      description: `The Redis server of ${displayName}.`,
      allowed: "the keys host, port and tls",
      example: { host: "contoso-prod.redis.cache.windows.net" },
    },
  );
}

/** How long sign-ins last. */
export const sessionShape = described(
  z
    .strictObject({
      lifetime: duration("How long a sign-in lasts. Somebody who loses a role keeps it for as long.", "8h", {
        minMinutes: 2,
        maxMinutes: 24 * 60,
        allowed: "a duration in minutes or hours from 2m to 24h",
      }),
    })
    .prefault({}),
  { description: "Sign-in sessions.", allowed: "the key lifetime", example: { lifetime: "8h" } },
);

/** How much a tool logs. */
export function logLevelShape(displayName: string) {
  return described(z.enum(["DEBUG", "INFO", "WARNING", "ERROR"]).default("INFO"), {
    description: `How much ${displayName} logs. Default: INFO.`,
    allowed: "DEBUG, INFO, WARNING or ERROR",
    example: "INFO",
  });
}

/**
 * The keys that every tool has, for a tool whose image's tag says its version: with `ofImage` an upgrade is one line of the
 * settings.
 *
 * @param id the tool's key under `tools`
 * @param versions supported versions, newest first
 */
export function versionedShape<const V extends readonly [string, ...string[]]>(id: string, versions: V) {
  return {
    ...toolShape(id, versions),
    version: described(z.enum(versions).optional(), {
      description: `Version of ${id}. It decides callback paths and settings, so only known ones are taken. Default: what the image's tag says.`,
      allowed: `a supported version: ${versions.join(", ")}`,
      example: versions[0],
    }),
  };
}

/** Fills in the version that the image's tag says, where the settings name none. */
export function ofImage<V extends string, S extends { image: string; version?: V }>(
  versions: readonly [V, ...V[]],
): (settings: S) => Omit<S, "version"> & { version: V } {
  return (settings) => {
    const said = versions.find((version) => isOfVersion(settings.image, version));
    // An image of a version that nobody knows is refused by `imageProblems`.
    return { ...settings, version: settings.version ?? said ?? versions[0] };
  };
}

/** The version decides which settings are written, so the image must hold that version. */
export function imageProblems({ image, version }: { image: string; version: string }): ContractProblem[] {
  if (isOfVersion(image, version)) return [];
  return [
    {
      path: ["image"],
      found: `an image of version ${tagOf(image)}`,
      allowed: `an image of version ${version}, such as ${version} or ${version}-2`,
      fix: "Change the image's tag, or version.",
    },
  ];
}

/** Whether the tag is the version, or the version with something behind it. */
function isOfVersion(image: string, version: string): boolean {
  const tag = tagOf(image);
  return tag === undefined || tag === version || (tag.startsWith(version) && /^[-_.+]/.test(tag.slice(version.length)));
}

function tagOf(image: string): string | undefined {
  return parseImage(image)?.tag.replace(/^v/, "");
}
