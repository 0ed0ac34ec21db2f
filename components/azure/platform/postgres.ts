import { AdministratorsMicrosoftEntra } from "@pulumi/azure-native/dbforpostgresql/administratorsMicrosoftEntra.js";
import { Configuration } from "@pulumi/azure-native/dbforpostgresql/configuration.js";
import { Database } from "@pulumi/azure-native/dbforpostgresql/database.js";
import { Server } from "@pulumi/azure-native/dbforpostgresql/server.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import type { Existing, Place } from "./place.ts";

/** A server to make. */
export interface NewPostgres {
  /** Name of the server: its host is <name>.postgres.database.azure.com. */
  readonly name: string;
  /** Major version. @example "17" */
  readonly version: string;
  /** @example "Standard_D2ds_v5" */
  readonly size: string;
  readonly storageGb: number;
  /** Whether a standby in another zone takes over. */
  readonly zoneRedundant: boolean;
  readonly backupDays: number;
  /** Whether backups are kept in the paired region too; fixed when the server is made. */
  readonly geoBackup: boolean;
  /** Extensions that databases may create. */
  readonly extensions: readonly string[];
}

/** A group of Entra that administers the server. */
export interface PostgresAdministrator {
  /** The team's key, for the resource's name. */
  readonly key: string;
  readonly objectId: pulumi.Input<string>;
  /** Display name of the group: the name under which its members sign in. */
  readonly principalName: pulumi.Input<string>;
}

export interface PlatformPostgresArgs {
  readonly place: Place;
  readonly tenantId: string;
  readonly server: NewPostgres | Existing;
  readonly administrators: readonly PostgresAdministrator[];
  /** Names of the databases, one for each tool. */
  readonly databases: readonly string[];
  /** Resource group of a server that others keep. */
  readonly existingGroup?: string;
}

/**
 * A PostgreSQL server that only the network reaches, administered by groups of Entra. Each tool has a database of its own; its
 * user is made by an administrator (docs/platform.md), as Azure's API makes none.
 */
export class PlatformPostgres extends pulumi.ComponentResource {
  readonly serverId: pulumi.Output<string>;
  readonly databases: readonly Database[];

  constructor(name: string, args: PlatformPostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:platform:Postgres", name, {}, opts);
    const { server, place } = args;
    // Azure answers 409 to two writes at once on one server: each waits for the one before.
    let before: pulumi.Resource[] = [];
    let serverName: pulumi.Input<string>;
    let resourceGroupName = place.resourceGroupName;
    if ("existing" in server) {
      this.serverId = pulumi.output(server.existing);
      serverName = server.existing.slice(server.existing.lastIndexOf("/") + 1);
      resourceGroupName = args.existingGroup ?? resourceGroupName;
    } else {
      const made = this.makeServer(name, args, server);
      this.serverId = made.id;
      serverName = made.name;
      before = this.settle(name, args, made, server.extensions);
    }
    const databases: Database[] = [];
    for (const databaseName of args.databases) {
      const database = new Database(
        `${name}-${databaseName}`,
        { databaseName, serverName, resourceGroupName, charset: "UTF8", collation: "en_US.utf8" },
        { parent: this, protect: place.protect, dependsOn: before },
      );
      databases.push(database);
      before = [database];
    }
    this.databases = databases;
    this.registerOutputs({ serverId: this.serverId });
  }

  private makeServer(name: string, { place, tenantId }: PlatformPostgresArgs, wanted: NewPostgres): Server {
    const { resourceGroupName, location, protect } = place;
    // Azure demands a first administrator where passwords are taken at all. Nobody is told this one: teams sign in with Entra.
    const password = new RandomPassword(`${name}-password`, { length: 48, special: false }, { parent: this });
    return new Server(
      name,
      {
        ...serverProperties(wanted, tenantId),
        serverName: wanted.name,
        resourceGroupName,
        location,
        administratorLoginPassword: pulumi.secret(password.result),
      },
      { parent: this, protect },
    );
  }

  /** Who administers the server, and what its databases may do. */
  private settle(name: string, args: PlatformPostgresArgs, server: Server, extensions: readonly string[]) {
    const common = { serverName: server.name, resourceGroupName: args.place.resourceGroupName };
    let before: pulumi.Resource[] = [];
    for (const { key, objectId, principalName } of args.administrators) {
      before = [
        new AdministratorsMicrosoftEntra(
          `${name}-${key}`,
          { ...common, objectId, principalName, principalType: "Group", tenantId: args.tenantId },
          { parent: this, dependsOn: before },
        ),
      ];
    }
    const values = {
      // TLS is demanded by default; older versions of it are taken until somebody says no.
      ssl_min_protocol_version: "TLSv1.2",
      ...(extensions.length > 0 && { "azure.extensions": extensions.map((one) => one.toUpperCase()).join(",") }),
    };
    for (const [configurationName, value] of Object.entries(values)) {
      before = [
        new Configuration(
          `${name}-${configurationName.replaceAll(/[._]/g, "-")}`,
          { ...common, configurationName, value, source: "user-override" },
          { parent: this, dependsOn: before },
        ),
      ];
    }
    return before;
  }
}

/** The server's properties; public so that tests read them without an engine. */
export function serverProperties(wanted: NewPostgres, tenantId: string) {
  const { version, size, storageGb, zoneRedundant, backupDays, geoBackup } = wanted;
  return {
    version,
    sku: { name: size, tier: tierOf(size) },
    storage: { storageSizeGB: storageGb, autoGrow: "Enabled" },
    backup: { backupRetentionDays: backupDays, geoRedundantBackup: geoBackup ? "Enabled" : "Disabled" },
    highAvailability: { mode: zoneRedundant ? "ZoneRedundant" : "Disabled" },
    network: { publicNetworkAccess: "Disabled" },
    // The tools' users have passwords, kept in the vault; people and programs of Azure sign in with Entra.
    authConfig: { activeDirectoryAuth: "Enabled", passwordAuth: "Enabled", tenantId },
    administratorLogin: "entrada",
  };
}

/** https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-compute */
function tierOf(size: string): string {
  if (size.startsWith("Standard_B")) return "Burstable";
  return size.startsWith("Standard_E") ? "MemoryOptimized" : "GeneralPurpose";
}
