import { z } from "zod";
import { ADDRESS_OR_RANGE, RANGE } from "../../../model/address-ranges.ts";
import { described, guid, kubernetesName, teamKey, toolShape } from "../../../model/settings/index.ts";

/**
 * The platform has no version of its own; the pricing tier decides what there is to set. IP access lists, entitlements,
 * Unity Catalog and audit logs need Premium.
 */
export const VERSIONS = ["premium"] as const;

const range = (description: string, standard: string) =>
  described(z.string().regex(RANGE).default(standard), {
    description: `${description} Default: ${standard}.`,
    allowed: "a range of IPv4 addresses such as 10.139.0.0/16",
    example: standard,
  });

const network = described(
  z
    .strictObject({
      addressSpace: range("Addresses of the virtual network, /16 to /24.", "10.139.0.0/16"),
      publicSubnet: range("Addresses of the clusters' first subnet (host), at least /26.", "10.139.0.0/18"),
      privateSubnet: range(
        "Addresses of the clusters' second subnet (container), as large as the first.",
        "10.139.64.0/18",
      ),
    })
    .prefault({}),
  {
    description:
      "The virtual network in which clusters run. The two subnets hold one address per node each and are fixed when the workspace is made.",
    allowed: "the keys addressSpace, publicSubnet and privateSubnet",
    example: { addressSpace: "10.139.0.0/16" },
  },
);

const addresses = (description: string, example: string) =>
  described(
    z
      .array(
        described(z.string().regex(ADDRESS_OR_RANGE), {
          description: "A public IPv4 address or range.",
          allowed: "a public IPv4 address or range",
          example,
        }),
      )
      .default([]),
    { description, allowed: "a list of public IPv4 addresses and ranges", example: [example] },
  );

const tokens = described(
  z
    .union([
      z.literal("off"),
      z.strictObject({
        maxDays: described(z.number().int().min(1).max(90), {
          description: "Longest life of a new token, in days.",
          allowed: "a whole number of days from 1 to 90",
          example: 30,
        }),
      }),
    ])
    .default("off"),
  {
    description:
      "Personal access tokens. They pass Conditional Access by and outlive a sign-in, so they are off, or short-lived and for admins only. Default: off.",
    allowed: "off, or { maxDays: 1 to 90 }",
    example: "off",
  },
);

const name = (parts: number) => new RegExp(`^[a-z0-9_][a-z0-9_-]*(\\.[a-z0-9_][a-z0-9_-]*){${parts - 1}}$`);

/** Unity Catalog's privileges on one kind of securable: full name → privileges. */
function privileges<const P extends readonly [string, ...string[]]>(
  what: string,
  parts: number,
  offered: P,
  example: Record<string, P[number][]>,
) {
  const [first = ""] = Object.keys(example);
  return described(
    z
      .record(
        described(z.string().regex(name(parts)), {
          description: `Full name of a ${what}.`,
          allowed: `a ${what}'s full name in lower case, such as ${first}`,
          example: first,
        }),
        described(z.array(z.enum(offered)).min(1), {
          description: `Privileges on the ${what}.`,
          allowed: `a list of ${offered.join(", ")}`,
          example: example[first] ?? [],
        }),
      )
      .default({}),
    {
      description: `Full name of a ${what} → privileges on it. What stands here is all that the holder has on it: grants by hand are undone.`,
      allowed: `${what}s by full name, each with a list of ${offered.join(", ")}`,
      example,
    },
  );
}

/** https://docs.databricks.com/data-governance/unity-catalog/manage-privileges/privileges.html; ownership is no privilege. */
const grants = z.strictObject({
  catalogs: privileges(
    "catalog",
    1,
    ["USE_CATALOG", "USE_SCHEMA", "SELECT", "EXECUTE", "BROWSE", "CREATE_SCHEMA", "APPLY_TAG"],
    { main: ["USE_CATALOG"] },
  ),
  schemas: privileges(
    "schema",
    2,
    ["USE_SCHEMA", "SELECT", "MODIFY", "EXECUTE", "READ_VOLUME", "CREATE_TABLE", "CREATE_MODEL", "APPLY_TAG"],
    { "main.sales": ["USE_SCHEMA", "SELECT"] },
  ),
  models: privileges("registered model", 3, ["EXECUTE", "APPLY_TAG", "CREATE_MODEL_VERSION", "MANAGE"], {
    "main.ml.churn": ["EXECUTE"],
  }),
});

const grantsText = {
  description: "Rights on data and registered models of Unity Catalog.",
  allowed: "the keys catalogs, schemas and models",
  example: { catalogs: { main: ["USE_CATALOG"] }, schemas: { "main.sales": ["USE_SCHEMA", "SELECT"] } },
};

export const ENTITLEMENTS = ["workspace-access", "databricks-sql-access", "allow-cluster-create"] as const;

const service = described(
  z.strictObject({
    federation: described(
      z
        .strictObject({
          namespace: kubernetesName("Kubernetes namespace of the service account.", "scoring"),
          serviceAccount: kubernetesName("Service account whose token opens Databricks.", "scorer"),
        })
        .optional(),
      {
        description:
          "A service principal of Databricks that pods become with their service account's token. Instead of managedIdentity.",
        allowed: "the keys namespace and serviceAccount",
        example: { namespace: "scoring", serviceAccount: "scorer" },
      },
    ),
    managedIdentity: guid(
      "Client id of a managed identity of Azure that is let in. Instead of federation.",
      "7d4e1f0b-2c63-4a58-9f10-5b8f3f6c2a91",
    ).optional(),
    entitlements: described(z.array(z.enum(ENTITLEMENTS)).default([]), {
      description: "Entitlements in the workspace. Calling a served model needs none. Default: none.",
      allowed: `a list of ${ENTITLEMENTS.join(", ")}`,
      example: ["databricks-sql-access"],
    }),
    grants: described(grants.prefault({}), grantsText),
  }),
  {
    description: "A program that works with Databricks, without a secret.",
    allowed: "the keys federation or managedIdentity, entitlements and grants",
    example: { federation: { namespace: "scoring", serviceAccount: "scorer" } },
  },
);

export const databricksSettings = z.strictObject({
  ...toolShape("databricks", VERSIONS),
  accountId: guid(
    "The Databricks account of the tenant, from the account console's user menu.",
    "1c9b7d5e-3f42-4a86-9b0d-6e2f8a1c4d70",
  ),
  accountAdmin: described(z.boolean().default(true), {
    description:
      "Whether who deploys is an account admin of Databricks. With false everything that needs one is left out, and the stack's output lists it. Default: true.",
    allowed: "true or false",
    example: true,
  }),
  network,
  allowedIps: addresses(
    "Where people open the workspace from, as the internet sees them. Empty: from everywhere.",
    "198.51.100.0/24",
  ),
  deployerIps: addresses(
    "Where `pulumi up` runs, as the internet sees it. They come first into the IP access list, so that it cannot lock the deployer out.",
    "203.0.113.10",
  ),
  tokens,
  clusterCreation: described(z.boolean().default(false), {
    description: "Whether engineers may create any cluster. Default: false, clusters by policy only.",
    allowed: "true or false",
    example: false,
  }),
  grants: described(z.record(teamKey, described(grants, grantsText)).default({}), {
    description: "Team → rights on data and registered models of Unity Catalog.",
    allowed: "teams with a role in access, each with the keys catalogs, schemas and models",
    example: { analysts: { catalogs: { main: ["USE_CATALOG"] } } },
  }),
  services: described(
    z
      .record(kubernetesName("Name of the program: part of its service principal's name.", "scorer"), service)
      .default({}),
    {
      description: "Programs that work with Databricks: each a service principal without a secret.",
      allowed: "programs by name",
      example: { scorer: { federation: { namespace: "scoring", serviceAccount: "scorer" } } },
    },
  ),
  logs: described(
    z
      .strictObject({
        retentionDays: described(z.number().int().min(30).max(730).default(90), {
          description: "Days for which audit logs are kept. Default: 90.",
          allowed: "a whole number of days from 30 to 730",
          example: 90,
        }),
      })
      .prefault({}),
    {
      description: "The workspace's audit logs, in a Log Analytics workspace of their own.",
      allowed: "the key retentionDays",
      example: { retentionDays: 90 },
    },
  ),
});

/** Azure Databricks' settings, after parsing. */
export type DatabricksSettings = z.infer<typeof databricksSettings>;

/** What a team or a program may do in Unity Catalog. */
export type DatabricksGrants = z.infer<typeof grants>;

/** A program that works with Databricks. */
export type DatabricksService = DatabricksSettings["services"][string];
