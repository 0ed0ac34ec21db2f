import { z } from "zod";
import { described } from "../described.ts";
import { platformCluster } from "./cluster.ts";
import { resourceId } from "./existing.ts";
import { network, privateZones } from "./network.ts";
import { postgres, redis } from "./stores.ts";
import { budget, dns, logs } from "./watch.ts";

const GROUP = /^[\w().-]{0,89}[\w()-]$/;

const groupName = described(z.string().regex(GROUP), {
  description: "Name of a resource group.",
  allowed: "up to 90 letters, digits, hyphens, underscores, dots and parentheses, no dot last",
  example: "rg-platform-prod",
});

/** `platform`: what the tools stand on. Absent: it is there already, and the other keys name it. */
export const platform = described(
  z
    .strictObject({
      resourceGroup: described(z.union([groupName, z.strictObject({ existing: groupName })]).optional(), {
        description: "The resource group of the platform. Default: rg-platform-<environment>, which is made.",
        allowed: "the name of a group to make, or { existing: <name> }",
        example: { existing: "rg-data" },
      }),
      network,
      privateZones,
      logs,
      cluster: platformCluster,
      vault: described(
        z
          .strictObject({
            existing: resourceId(
              "The vault to use; keyVault.name is its name.",
              "Microsoft.KeyVault/vaults",
              "kv-data",
            ),
          })
          .optional(),
        {
          description: "A vault that exists. Default: the environment makes its own, as `keyVault` says.",
          allowed: "the key existing",
          example: {
            existing:
              "/subscriptions/41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17/resourceGroups/rg-data/providers/Microsoft.KeyVault/vaults/kv-data",
          },
        },
      ),
      postgres,
      redis,
      dns,
      budget,
      locks: described(z.boolean().optional(), {
        description:
          "Whether Azure itself refuses to delete vault, database and DNS zone. A lock also keeps role assignments on the vault. Default: in prod.",
        allowed: "true or false",
        example: true,
      }),
    })
    .optional(),
  {
    description:
      "What the tools stand on: network, cluster, database, Redis, logs. Each part is made, or one that exists. Default: everything is there already.",
    allowed:
      "the keys resourceGroup, network, privateZones, logs, cluster, vault, postgres, redis, dns, budget and locks",
    example: { cluster: { authorizedIps: ["203.0.113.10/32"] }, postgres: { name: "contoso-prod" } },
  },
);

/** The platform's settings, after parsing. */
export type PlatformSettings = NonNullable<z.infer<typeof platform>>;
