import { z } from "zod";
import { stableId } from "../ids.ts";
import { described } from "./described.ts";

const OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const ADDRESS = new RegExp(`^(${OCTET}\\.){3}${OCTET}(/(3[0-2]|[12]?\\d))?$`);
const NAME = /^(?=.{3,24}$)[a-z](-?[a-z0-9])*$/;

/** Stands for the name that `vaultName` computes, since it needs other keys. */
export const DEFAULT_VAULT_NAME = "kv-<environment>-<6 hexadecimal digits>";

/** `keyVault`: the vault of the environment. */
export const keyVault = described(
  z
    .strictObject({
      name: described(z.string().regex(NAME).default(DEFAULT_VAULT_NAME), {
        description:
          "Name of the vault, unique in all of Azure. The default's digits follow from subscription, environment and domain, so that they never change.",
        allowed: "3 to 24 lower-case letters, digits and single hyphens, a letter first and no hyphen last",
        example: "kv-contoso-prod",
      }),
      publicAccess: described(z.boolean().default(false), {
        description: "Whether the vault answers outside the private network. Default: false.",
        allowed: "true or false",
        example: false,
      }),
      allowedIps: described(
        z
          .array(
            described(z.string().regex(ADDRESS), {
              description: "An IPv4 address or range.",
              allowed: "an IPv4 address or CIDR range",
              example: "203.0.113.0/24",
            }),
          )
          .default([]),
        {
          description:
            "Public addresses that the vault answers; needs `publicAccess: true`. Empty with it: every address.",
          allowed: "a list of IPv4 addresses and CIDR ranges",
          example: ["203.0.113.0/24"],
        },
      ),
      retentionDays: described(z.number().int().min(7).max(90).default(90), {
        description:
          "Days for which deleted secrets can be brought back. Fixed when the vault is created. Default: 90.",
        allowed: "a whole number of days from 7 to 90",
        example: 90,
      }),
    })
    .prefault({}),
  {
    description: "The environment's Key Vault.",
    allowed: "the keys name, publicAccess, allowedIps and retentionDays",
    example: { publicAccess: false },
  },
);

/** The default name of a vault: `kv-<environment>-<6 hex>`, at most 24 characters. */
export function vaultName(subscriptionId: string, environment: string, domain: string): string {
  const digits = stableId("key-vault", subscriptionId.toLowerCase(), environment, domain).slice(0, 6);
  return `kv-${environment.slice(0, 14).replace(/-+$/, "")}-${digits}`;
}
