import { z } from "zod";
import type { Scope } from "../../model/workflow-identities/index.ts";

const text = z.string().min(1);
const number = z.coerce.number().int().positive();
const guid = z.guid();
const resourceId = z.string().regex(/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/.+$/, {
  error: "has to be an Azure resource id, /subscriptions/…/resourceGroups/…/providers/…",
});

const schema = z.strictObject({
  /** @example prod */
  environment: text,
  tenantId: guid,
  subscriptionId: guid,
  location: text,
  /** Made for the identities alone. @example rg-entrada-identities-prod */
  resourceGroup: text,
  repository: z.strictObject({ owner: text, ownerId: number, name: text, id: number }),
  subjects: z.enum(["ids", "names", "both"]).default("ids"),
  /** The blob container with the state: …/storageAccounts/<account>/blobServices/default/containers/<container> */
  stateContainer: resourceId,
  /** The key that encrypts the stack's secrets: …/vaults/<vault>/keys/<key> */
  stateKey: resourceId,
  /** The cluster, once it is there. */
  cluster: resourceId.optional(),
});

/** What the program of the identities is told. */
export type IdentitySettings = z.infer<typeof schema>;

export const IDENTITY_SETTINGS = Object.keys(schema.shape);

/**
 * Reads the stack's configuration.
 * @throws with every problem, each with its key
 */
export function readIdentitySettings(config: Readonly<Record<string, unknown>>): IdentitySettings {
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `- ${path.join(".") || "configuration"}: ${message}`);
  throw new Error(`The configuration of entrada-identities cannot be used:\n${problems.join("\n")}`);
}

/** Where the roles are given, as far as it is there. */
export function roleScopes(settings: IdentitySettings): Readonly<Partial<Record<Scope, string>>> {
  const { subscriptionId, stateContainer, stateKey, cluster } = settings;
  return {
    environment: `/subscriptions/${subscriptionId}`,
    state: stateContainer,
    "state key": stateKey,
    ...(cluster === undefined ? {} : { cluster }),
  };
}
