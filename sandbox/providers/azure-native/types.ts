import { randomUUID } from "node:crypto";
import type { Json } from "../http/api.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { fromJson, map, required } from "../read-values.ts";
import type { PropertySchema, PropertySchemas } from "../schema/types.ts";
import { segmentsOf } from "./arm.ts";
import type { ArmType } from "./kind.ts";

export const TEXT: PropertySchema = { type: "string" };
export const FLAG: PropertySchema = { type: "boolean" };
export const WHOLE: PropertySchema = { type: "integer" };
export const TEXTS: PropertySchema = { type: "list", items: TEXT };
/** Part of the resource's id or place: a change makes it another resource. */
export const IDENTITY: PropertySchema = { type: "string", replace: true };
export const PARENT: PropertySchema = { type: "string", replace: true, required: true };
export const TAGS: PropertySchema = { type: "map", items: TEXT };
export const object = (properties: PropertySchemas, more: Partial<PropertySchema> = {}): PropertySchema => ({
  type: "object",
  properties,
  ...more,
});

export const properties = (resource: Json): Json => (resource.properties ?? {}) as Json;
export const pick = (source: Json, names: readonly string[]): PropertyMap =>
  Object.fromEntries(names.map((name) => [name, fromJson(source[name])]));
export const groupPath = (inputs: PropertyMap, subscriptionId: string) =>
  `/subscriptions/${subscriptionId}/resourceGroups/${required(inputs, "resourceGroupName")}`;

/** API version 2024-03-01 of https://learn.microsoft.com/rest/api/resources/resource-groups */
export const resourceGroup: ArmType = {
  apiVersion: "2024-03-01",
  schemas: { location: IDENTITY, managedBy: IDENTITY, resourceGroupName: IDENTITY, tags: TAGS },
  outputs: ["properties"],
  nameInput: "resourceGroupName",
  idInputs: ["resourceGroupName"],
  located: true,
  id: groupPath,
  inputsOfId: (id) => ({ resourceGroupName: segmentsOf(id).resourcegroups }),
  body: ({ managedBy, tags }) => ({ managedBy, tags }),
  live: (resource) => ({
    inputs: pick(resource, ["managedBy", "tags"]),
    outputs: { properties: fromJson(resource.properties) },
  }),
};

/** API version 2023-01-31 of https://learn.microsoft.com/rest/api/managedidentity */
export const userAssignedIdentity: ArmType = {
  apiVersion: "2023-01-31",
  schemas: { location: IDENTITY, resourceGroupName: PARENT, resourceName: IDENTITY, tags: TAGS },
  outputs: ["clientId", "principalId", "tenantId", "systemData"],
  nameInput: "resourceName",
  idInputs: ["resourceGroupName", "resourceName"],
  located: true,
  id: (inputs, subscriptionId) =>
    `${groupPath(inputs, subscriptionId)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${required(inputs, "resourceName")}`,
  inputsOfId: (id) => ({
    resourceGroupName: segmentsOf(id).resourcegroups,
    resourceName: segmentsOf(id).userassignedidentities,
  }),
  body: ({ tags }) => ({ tags }),
  live: (resource) => ({
    inputs: pick(resource, ["tags"]),
    outputs: {
      ...pick(properties(resource), ["clientId", "principalId", "tenantId"]),
      systemData: fromJson(resource.systemData),
    },
  }),
};

export const federatedIdentityCredential: ArmType = {
  apiVersion: "2023-01-31",
  schemas: {
    audiences: { ...TEXTS, required: true },
    issuer: { type: "string", required: true },
    subject: { type: "string", required: true },
    federatedIdentityCredentialResourceName: IDENTITY,
    resourceGroupName: PARENT,
    resourceName: PARENT,
  },
  outputs: ["systemData"],
  nameInput: "federatedIdentityCredentialResourceName",
  idInputs: ["resourceGroupName", "resourceName", "federatedIdentityCredentialResourceName"],
  id: (inputs, subscriptionId) =>
    `${userAssignedIdentity.id(inputs, subscriptionId)}/federatedIdentityCredentials/${required(inputs, "federatedIdentityCredentialResourceName")}`,
  inputsOfId: (id) => ({
    ...userAssignedIdentity.inputsOfId(id),
    federatedIdentityCredentialResourceName: segmentsOf(id).federatedidentitycredentials,
  }),
  // Azure answers 409 to two writes at once under one identity.
  lockKey: (id) => id.slice(0, id.lastIndexOf("/")),
  body: ({ audiences, issuer, subject }) => ({ properties: { audiences, issuer, subject } }),
  live: (resource) => ({
    inputs: pick(properties(resource), ["audiences", "issuer", "subject"]),
    outputs: { systemData: fromJson(resource.systemData) },
  }),
};

const ASSIGNMENT = [
  "condition",
  "conditionVersion",
  "delegatedManagedIdentityResourceId",
  "description",
  "principalId",
  "principalType",
  "roleDefinitionId",
];

/** API version 2022-04-01 of https://learn.microsoft.com/rest/api/authorization/role-assignments; only descriptions can be changed. */
export const roleAssignment: ArmType = {
  apiVersion: "2022-04-01",
  schemas: {
    condition: TEXT,
    conditionVersion: TEXT,
    delegatedManagedIdentityResourceId: IDENTITY,
    description: TEXT,
    principalId: PARENT,
    principalType: IDENTITY,
    roleAssignmentName: IDENTITY,
    roleDefinitionId: PARENT,
    scope: PARENT,
  },
  outputs: ["createdBy", "createdOn", "updatedBy", "updatedOn", "systemData"],
  nameInput: "roleAssignmentName",
  autoname: () => randomUUID(),
  idInputs: ["scope", "roleAssignmentName"],
  id: (inputs) =>
    `/${required(inputs, "scope").replace(/^\/|\/$/g, "")}/providers/Microsoft.Authorization/roleAssignments/${required(inputs, "roleAssignmentName")}`,
  inputsOfId: (id) => {
    const [scope, name] = id.split(/\/providers\/Microsoft\.Authorization\/roleAssignments\//i);
    return { scope, roleAssignmentName: name };
  },
  body: (inputs) => ({ properties: Object.fromEntries(ASSIGNMENT.map((name) => [name, inputs[name]])) }),
  live: (resource) => ({
    inputs: pick(properties(resource), ASSIGNMENT),
    outputs: {
      ...pick(properties(resource), ["createdBy", "createdOn", "updatedBy", "updatedOn"]),
      systemData: fromJson(resource.systemData),
    },
  }),
  retry: (status, codeAndMessage) => status === 400 && codeAndMessage.startsWith("PrincipalNotFound"),
};

const RULES: PropertySchema = { type: "list", items: object({ value: { type: "string", required: true } }) };

/** API version 2024-11-01 of https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults */
export const vault: ArmType = {
  apiVersion: "2024-11-01",
  schemas: {
    location: IDENTITY,
    resourceGroupName: PARENT,
    tags: TAGS,
    vaultName: IDENTITY,
    properties: object(
      {
        accessPolicies: {
          type: "list",
          items: object({
            applicationId: TEXT,
            objectId: TEXT,
            tenantId: TEXT,
            permissions: object({ certificates: TEXTS, keys: TEXTS, secrets: TEXTS, storage: TEXTS }),
          }),
        },
        createMode: TEXT,
        enablePurgeProtection: FLAG,
        enableRbacAuthorization: FLAG,
        enableSoftDelete: FLAG,
        enabledForDeployment: FLAG,
        enabledForDiskEncryption: FLAG,
        enabledForTemplateDeployment: FLAG,
        networkAcls: object({
          bypass: TEXT,
          defaultAction: TEXT,
          ipRules: RULES,
          virtualNetworkRules: { type: "list", items: object({ id: TEXT, ignoreMissingVnetServiceEndpoint: FLAG }) },
        }),
        provisioningState: TEXT,
        publicNetworkAccess: TEXT,
        sku: object(
          { family: { type: "string", required: true }, name: { type: "string", required: true } },
          { required: true },
        ),
        softDeleteRetentionInDays: WHOLE,
        tenantId: { type: "string", required: true, format: "uuid" },
        vaultUri: TEXT,
      },
      { required: true },
    ),
  },
  outputs: ["systemData"],
  propertiesOutputs: { vaultUri: "stable", provisioningState: "changing" },
  nameInput: "vaultName",
  idInputs: ["resourceGroupName", "vaultName"],
  // A vault's name has at most 24 characters and begins with a letter.
  autoname: (logicalName) => `${logicalName.replace(/[^A-Za-z0-9]/g, "").slice(0, 16)}${randomUUID().slice(0, 8)}`,
  located: true,
  id: (inputs, subscriptionId) =>
    `${groupPath(inputs, subscriptionId)}/providers/Microsoft.KeyVault/vaults/${required(inputs, "vaultName")}`,
  inputsOfId: (id) => ({ resourceGroupName: segmentsOf(id).resourcegroups, vaultName: segmentsOf(id).vaults }),
  body: (inputs) => ({ properties: map(inputs.properties), tags: inputs.tags }),
  live: (resource) => ({
    inputs: { properties: fromJson(resource.properties), ...pick(resource, ["tags"]) },
    outputs: { systemData: fromJson(resource.systemData) },
  }),
};
