import { Database } from "@pulumi/azure-native/redisenterprise/database.js";
import { RedisEnterprise } from "@pulumi/azure-native/redisenterprise/redisEnterprise.js";
import * as pulumi from "@pulumi/pulumi";
import type { Existing, Place } from "./place.ts";

/** A Redis server to make. */
export interface NewRedis {
  /** Name of the server: its host is <name>.<location>.redis.azure.net. */
  readonly name: string;
  /** @example "Balanced_B1" */
  readonly size: string;
  /** Whether a second node takes over. */
  readonly standby: boolean;
}

export interface PlatformRedisArgs {
  readonly place: Place;
  readonly redis: NewRedis | Existing;
}

/** Azure Managed Redis, reached inside the network alone, with TLS 1.2 or newer. */
export class PlatformRedis extends pulumi.ComponentResource {
  /** Azure resource id of the server, for its private endpoint. */
  readonly redisId: pulumi.Output<string>;
  /** Azure resource id of its one database, which writes the logs; undefined where others keep the server. */
  readonly databaseId: pulumi.Output<string> | undefined;

  constructor(name: string, args: PlatformRedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:platform:Redis", name, {}, opts);
    const { redis, place } = args;
    if ("existing" in redis) {
      this.redisId = pulumi.output(redis.existing);
      this.databaseId = undefined;
    } else {
      const { resourceGroupName, location } = place;
      const server = new RedisEnterprise(
        name,
        {
          clusterName: redis.name,
          resourceGroupName,
          location,
          sku: { name: redis.size },
          publicNetworkAccess: "Disabled",
          minimumTlsVersion: "1.2",
          highAvailability: redis.standby ? "Enabled" : "Disabled",
        },
        { parent: this },
      );
      const database = new Database(
        `${name}-database`,
        {
          // Azure takes no other name and knows no second database.
          databaseName: "default",
          clusterName: server.name,
          resourceGroupName,
          clientProtocol: "Encrypted",
          port: 10_000,
          // Sessions and queues come from clients that know no cluster of Redis, with a password in their address.
          clusteringPolicy: "EnterpriseCluster",
          accessKeysAuthentication: "Enabled",
          // A queue that loses entries silently is worse than one that refuses new ones.
          evictionPolicy: "NoEviction",
        },
        { parent: this },
      );
      this.redisId = server.id;
      this.databaseId = database.id;
    }
    this.registerOutputs({ redisId: this.redisId });
  }
}
