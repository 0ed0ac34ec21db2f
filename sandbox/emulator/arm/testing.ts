import type { Store } from "../store.ts";
import { type Answer, NOWHERE, SUBSCRIPTION, seededWorld, send, TENANT, type World } from "../testing.ts";
import { createVaultApp } from "../vault/app.ts";
import { createArmApp } from "./app.ts";

export const SCOPE = `/subscriptions/${SUBSCRIPTION}`;
export const GROUP = `${SCOPE}/resourceGroups/rg-entrada`;
export const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-sandbox-1`;
export const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-superset`;

/** The api-version that the azure-native provider sends for each type. */
const VERSIONS: readonly [RegExp, string][] = [
  [/Microsoft\.Authorization/i, "2022-04-01"],
  [/Microsoft\.KeyVault/i, "2024-11-01"],
  [/Microsoft\.ManagedIdentity/i, "2023-01-31"],
  [/^/, "2024-03-01"],
];

export interface ArmWorld extends World {
  arm(method: string, path: string, body?: unknown, as?: string): Promise<Answer>;
  /** Sends to the vault kv-sandbox-1, or to another by name. */
  vault(method: string, path: string, body?: unknown, as?: string, name?: string): Promise<Answer>;
  /** Creates the resource group, and in it the vault. */
  deploy(vault?: Record<string, unknown>): Promise<void>;
  /** Gives a caller's principal a role. */
  assign(principalId: string, role: string, scope: string, name?: string): Promise<Answer>;
}

export const ROLES = {
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  administrator: "00482a5a-887f-4fb3-b363-3b7fe8e74483",
  officer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  user: "4633458b-17de-408a-b874-0445c86b69e6",
  vaultReader: "21090545-7ca7-4776-b22c-e363652d74d2",
} as const;

export const vaultBody = (properties: Record<string, unknown> = {}) => ({
  location: "West Europe",
  properties: {
    tenantId: TENANT,
    sku: { family: "A", name: "standard" },
    enableRbacAuthorization: true,
    ...properties,
  },
});

/** @param store of another world, whose emulator starts anew; default: a fresh one */
export function armWorld(store?: Store): ArmWorld {
  const world = seededWorld(store);
  const app = createArmApp(world.context);
  const vaults = createVaultApp(world.context);
  for (const key of ["ana.lima", "jon.berg"]) {
    const id = world.person(key);
    world.callers[key] = { objectId: id, clientId: NOWHERE, user: { id }, roles: [], scopes: ["user_impersonation"] };
  }
  const arm: ArmWorld["arm"] = (method, path, body, as) => {
    const version = VERSIONS.find(([pattern]) =>
      pattern.test(path.split("?")[0]?.split("/providers/").at(-1) ?? ""),
    )?.[1];
    const query = path.includes("api-version") ? "" : `${path.includes("?") ? "&" : "?"}api-version=${version}`;
    return send(app, method, `https://management.azure.com${path}${query}`, body, as);
  };
  let names = 0;
  return {
    ...world,
    arm,
    vault: (method, path, body, as, name = "kv-sandbox-1") => {
      const query = path.includes("api-version") ? "" : `${path.includes("?") ? "&" : "?"}api-version=7.6`;
      return send(vaults, method, `https://${name}.vault.azure.net${path}${query}`, body, as);
    },
    deploy: async (vault = {}) => {
      await arm("PUT", GROUP, { location: "westeurope" });
      await arm("PUT", VAULT, vaultBody(vault));
    },
    assign: (principalId, role, scope, name) => {
      names += 1;
      const id = name ?? `aaaaaaaa-0000-4000-8000-${String(names).padStart(12, "0")}`;
      return arm("PUT", `${scope}/providers/Microsoft.Authorization/roleAssignments/${id}`, {
        properties: {
          principalId,
          roleDefinitionId: `${SCOPE}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
        },
      });
    },
  };
}
