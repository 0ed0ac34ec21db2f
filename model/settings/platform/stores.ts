import { z } from "zod";
import { described } from "../described.ts";
import { choice, flag, resourceId, teamList, wholeNumber } from "./existing.ts";

const STORAGE = [32, 64, 128, 256, 512, 1024, 2048, 4096] as const;

const postgresCreated = z.strictObject({
  name: described(z.string().regex(/^[a-z0-9]([a-z0-9-]{1,61}[a-z0-9])$/), {
    description: "Name of the server, unique in all of Azure: its host is <name>.postgres.database.azure.com.",
    allowed: "3 to 63 lower-case letters, digits and hyphens, a letter or digit at both ends",
    example: "contoso-prod",
  }),
  version: choice("Major version of PostgreSQL.", ["18", "17", "16", "15"], "17"),
  size: described(
    z
      .string()
      .regex(/^Standard_[BDE]\d+[a-z]*(_v\d)?$/)
      .default("Standard_D2ds_v5"),
    {
      description:
        "Size of the server: B sizes can burst and have no standby, D are for general use, E have more memory. Default: Standard_D2ds_v5.",
      allowed: "the name of a B, D or E size, such as Standard_D2ds_v5",
      example: "Standard_D2ds_v5",
    },
  ),
  storageGb: described(z.literal(STORAGE).default(128), {
    description: "Storage in GB; it grows by itself, and never shrinks. Default: 128.",
    allowed: STORAGE.join(", "),
    example: 128,
  }),
  zoneRedundant: flag("Whether a standby in another zone takes over within two minutes; doubles the price.", true),
  backupDays: wholeNumber("Days to which the server can be put back.", [7, 35], 14),
  geoBackup: flag("Whether backups are kept in the paired region too. Fixed when the server is made.", false),
  administrators: teamList(
    "Teams that administer the server with their own sign-in, and make its users: docs/platform.md.",
    ["bi-admins"],
  ),
  extensions: described(z.array(z.string().regex(/^[a-z][a-z0-9_-]{1,62}$/)).default([]), {
    description: "Extensions that databases may create. Default: none.",
    allowed: "a list of names of extensions in lower case",
    example: ["pg_trgm"],
  }),
});

/** `platform.postgres`: PostgreSQL flexible server. */
export const postgres = described(
  z
    .union([
      z.strictObject({
        existing: resourceId(
          "The server to use: it gets a private endpoint and a database for every tool that names its host.",
          "Microsoft.DBforPostgreSQL/flexibleServers",
          "contoso-shared",
        ),
      }),
      postgresCreated,
    ])
    .optional(),
  {
    description:
      "The PostgreSQL server, with a database for every tool whose `database.host` is its host. Default: none; tools name servers that others keep.",
    allowed:
      "existing, or the keys name, version, size, storageGb, zoneRedundant, backupDays, geoBackup, administrators and extensions",
    example: { name: "contoso-prod", administrators: ["bi-admins"] },
  },
);

const redisCreated = z.strictObject({
  name: described(z.string().regex(/^(?!.*--)[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])$/), {
    description:
      "Name of the server, unique in its region: its host is <name>.<location>.redis.azure.net, its port 10000.",
    allowed: "2 to 60 lower-case letters, digits and single hyphens, a letter or digit at both ends",
    example: "contoso-prod",
  }),
  size: described(
    z
      .string()
      .regex(/^(Balanced_B|MemoryOptimized_M|ComputeOptimized_X)\d+$/)
      .default("Balanced_B1"),
    {
      description: "Size of Azure Managed Redis. Default: Balanced_B1, with 1 GB.",
      allowed: "the name of a Balanced, MemoryOptimized or ComputeOptimized size",
      example: "Balanced_B1",
    },
  ),
  standby: flag("Whether a second node takes over.", true),
});

/** `platform.redis`: Azure Managed Redis. */
export const redis = described(
  z
    .union([
      z.strictObject({
        existing: resourceId(
          "The server to use: it gets a private endpoint.",
          "Microsoft.Cache/redisEnterprise",
          "contoso-shared",
        ),
      }),
      redisCreated,
    ])
    .optional(),
  {
    description: "The Redis server. Default: none; tools and proxy name servers that others keep.",
    allowed: "existing, or the keys name, size and standby",
    example: { name: "contoso-prod" },
  },
);
