import { z } from "zod";
import { armBadRequest } from "../errors.ts";
import { location, tags } from "../request.ts";

const guid = z
  .string()
  .regex(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i, "must be a GUID")
  .toLowerCase();

const networkAcls = z.strictObject({
  bypass: z.enum(["AzureServices", "None"]).default("AzureServices"),
  defaultAction: z.enum(["Allow", "Deny"]).default("Allow"),
  ipRules: z.array(z.strictObject({ value: z.string().min(1) })).default([]),
  virtualNetworkRules: z
    .array(z.strictObject({ id: z.string().min(1), ignoreMissingVnetServiceEndpoint: z.boolean().optional() }))
    .default([]),
});

/** What clients read and send back; Azure computes it. */
const readOnly = {
  vaultUri: z.string().optional(),
  provisioningState: z.string().optional(),
  privateEndpointConnections: z.array(z.unknown()).optional(),
};

const properties = z.strictObject({
  tenantId: guid,
  sku: z.strictObject({ family: z.literal("A"), name: z.enum(["standard", "premium"]) }),
  // The sandbox evaluates Azure roles only, so a vault with access policies is refused rather than half emulated.
  accessPolicies: z.array(z.never("the sandbox emulates vaults with Azure RBAC only")).optional(),
  enableRbacAuthorization: z.literal(true, "must be true: the sandbox emulates vaults with Azure RBAC only"),
  enableSoftDelete: z.literal(true, "must be true: soft delete cannot be switched off").optional(),
  softDeleteRetentionInDays: z.int().min(7).max(90).optional(),
  enablePurgeProtection: z.literal(true, "cannot be set to false: leave it out or set it to true").optional(),
  publicNetworkAccess: z
    .string()
    .regex(/^(enabled|disabled)$/i, "must be enabled or disabled")
    .optional(),
  networkAcls: networkAcls.optional(),
  enabledForDeployment: z.boolean().optional(),
  enabledForDiskEncryption: z.boolean().optional(),
  enabledForTemplateDeployment: z.boolean().optional(),
  createMode: z.enum(["default", "recover"]).optional(),
  ...readOnly,
});

/** https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/create-or-update */
export const vaultBody = z.strictObject({ location, tags, properties });

export const vaultPatch = z.strictObject({ tags, properties: properties.partial().optional() });

/** The vault's own secrets (https://learn.microsoft.com/rest/api/keyvault/keyvault/secrets/create-or-update). */
const attributes = z.strictObject({
  enabled: z.boolean().optional(),
  nbf: z.int().nonnegative().optional(),
  exp: z.int().nonnegative().optional(),
  created: z.int().optional(),
  updated: z.int().optional(),
});

const secretProperties = z.strictObject({
  value: z.string().max(25_000).optional(),
  contentType: z.string().max(255).optional(),
  attributes: attributes.optional(),
  secretUri: z.string().optional(),
  secretUriWithVersion: z.string().optional(),
});

export const vaultSecretBody = z.strictObject({ tags, properties: secretProperties.required({ value: true }) });
export const vaultSecretPatch = z.strictObject({ tags, properties: secretProperties.optional() });

/** 3 to 24 letters, digits and single hyphens, from a letter to a letter or digit. */
export function checkVaultName(name: string): void {
  if (isVaultName(name)) return;
  throw armBadRequest(
    `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens.`,
    "VaultNameNotValid",
  );
}

export function isVaultName(name: string): boolean {
  return /^[A-Za-z](?!.*--)[A-Za-z0-9-]{1,22}[A-Za-z0-9]$/.test(name);
}

export function checkSecretName(name: string): void {
  if (/^[0-9A-Za-z-]{1,127}$/.test(name)) return;
  throw armBadRequest(`The secret name '${name}' is invalid: it may hold 1 to 127 letters, digits and hyphens.`);
}
