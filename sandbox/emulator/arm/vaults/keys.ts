import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { ArmResource } from "../../directory.ts";
import { unixSeconds } from "../../vault/secrets.ts";
import { ArmError, armBadRequest } from "../errors.ts";
import {
  type ArmRequest,
  type ArmResponse,
  type ArmRoute,
  armParam,
  findResource,
  readArmBody,
  resourcesUnder,
  tags,
} from "../request.ts";
import { VAULT_TYPE } from "../types.ts";
import { vaultOf, vaultScope } from "./routes.ts";

const path = "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.KeyVault/vaults/:vault/keys";
const type = `${VAULT_TYPE}/keys` as const;
const needs = (right: string) => ({ action: `${type}/${right}`, scope: vaultScope });
const keyId = (request: ArmRequest) => `${vaultScope(request)}/keys/${armParam(request, "key")}`;

const OPERATIONS = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"] as const;
const keyBody = z.strictObject({
  tags,
  properties: z.strictObject({
    kty: z.literal("RSA", "must be RSA: the sandbox emulates no other keys"),
    keySize: z.union([z.literal(2048), z.literal(3072), z.literal(4096)]).default(2048),
    keyOps: z.array(z.enum(OPERATIONS)).default([...OPERATIONS]),
    attributes: z.strictObject({ enabled: z.boolean().optional() }).optional(),
  }),
});

/**
 * Keys through the control plane (https://learn.microsoft.com/rest/api/keyvault/keyvault/keys/create-if-not-exist): the first
 * write makes the key, every later one answers with it as it is. Its material is the vault's (`vault/key-material.ts`).
 */
export const vaultKeyRoutes: readonly ArmRoute[] = [
  {
    method: "GET",
    path,
    type,
    needs: needs("read"),
    handle: (request) => {
      const keys = resourcesUnder(request.data, vaultOf(request).id).filter((one) => one.type === type);
      return { status: 200, body: { value: keys } };
    },
  },
  {
    method: "GET",
    path: `${path}/:key`,
    type,
    needs: needs("read"),
    handle: (request) => {
      vaultOf(request);
      const found = findResource(request.data, keyId(request));
      const name = armParam(request, "key");
      if (found === undefined)
        throw new ArmError(404, "KeyNotFound", `A key with (name/id) ${name} was not found in this key vault.`);
      return { status: 200, body: found };
    },
  },
  { method: "PUT", path: `${path}/:key`, type, needs: needs("write"), handle: putKey },
];

function putKey(request: ArmRequest): ArmResponse {
  const vault = vaultOf(request);
  const name = armParam(request, "key");
  if (!/^[0-9A-Za-z-]{1,127}$/.test(name)) {
    throw armBadRequest(`The key name '${name}' is invalid: it may hold 1 to 127 letters, digits and hyphens.`);
  }
  const body = readArmBody(request.body, keyBody);
  const existing = findResource(request.data, keyId(request));
  if (existing !== undefined) return { status: 200, body: existing };
  const uri = `https://${vault.name.toLowerCase()}.vault.azure.net/keys/${name}`;
  const at = unixSeconds(request.context.now());
  const key: ArmResource = {
    id: `${vault.id}/keys/${name}`,
    name,
    type,
    ...(body.tags !== undefined && { tags: body.tags }),
    properties: {
      ...body.properties,
      attributes: { enabled: body.properties.attributes?.enabled ?? true, created: at, updated: at },
      keyUri: uri,
      keyUriWithVersion: `${uri}/${randomUUID().replaceAll("-", "")}`,
    },
  };
  request.context.store.mutate((data) => {
    data.armResources[key.id.toLowerCase()] = key;
  });
  return { status: 200, body: key };
}
