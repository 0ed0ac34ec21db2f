import type { VaultSecret } from "../../directory.ts";
import { addSecretVersion, currentVersion, findSecret, unixSeconds } from "../../vault/secrets.ts";
import { ArmError, armBadRequest, armConflict } from "../errors.ts";
import { type ArmRequest, type ArmResponse, type ArmRoute, armParam, readArmBody } from "../request.ts";
import { VAULT_TYPE } from "../types.ts";
import { vaultOf, vaultScope } from "./routes.ts";
import { checkSecretName, vaultSecretBody, vaultSecretPatch } from "./schema.ts";

const path = "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.KeyVault/vaults/:vault/secrets";
const type = `${VAULT_TYPE}/secrets` as const;
const needs = (right: string) => ({ action: `${type}/${right}`, scope: vaultScope });

/**
 * Secrets through the control plane: written with `vaults/secrets/write`, whatever the vault's own roles and network
 * rules say; a read never holds the value.
 */
export const vaultSecretRoutes: readonly ArmRoute[] = [
  {
    method: "GET",
    path,
    type,
    needs: needs("read"),
    handle: (request) => {
      const vault = vaultOf(request).name.toLowerCase();
      const live = Object.values(request.data.vaultSecrets).filter(
        (secret) => secret.vault === vault && !secret.deleted,
      );
      return { status: 200, body: { value: live.map((secret) => secretJson(request, secret)) } };
    },
  },
  {
    method: "GET",
    path: `${path}/:secret`,
    type,
    needs: needs("read"),
    handle: (request) => ({ status: 200, body: secretJson(request, liveSecret(request)) }),
  },
  { method: "PUT", path: `${path}/:secret`, type, needs: needs("write"), handle: putSecret },
  { method: "PATCH", path: `${path}/:secret`, type, needs: needs("write"), handle: patchSecret },
];

function liveSecret(request: ArmRequest): VaultSecret {
  const name = armParam(request, "secret");
  const secret = findSecret(request.context, vaultOf(request).name, name);
  if (secret === undefined || secret.deleted !== undefined) {
    throw new ArmError(404, "SecretNotFound", `A secret with (name/id) ${name} was not found in this key vault.`);
  }
  return secret;
}

function putSecret(request: ArmRequest): ArmResponse {
  const vault = vaultOf(request);
  const name = armParam(request, "secret");
  checkSecretName(name);
  const { tags, properties } = readArmBody(request.body, vaultSecretBody);
  checkLifetime(properties.attributes);
  const existing = findSecret(request.context, vault.name, name);
  if (existing?.deleted !== undefined) {
    throw armConflict(
      "Conflict",
      `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.`,
    );
  }
  const { secret } = addSecretVersion(request.context, vault.name, name, {
    value: properties.value,
    contentType: properties.contentType,
    tags,
    enabled: properties.attributes?.enabled,
    notBefore: properties.attributes?.nbf,
    expires: properties.attributes?.exp,
  });
  return { status: existing === undefined ? 201 : 200, body: secretJson(request, secret) };
}

/** A PATCH with a value makes a new version; without one it changes the present version's attributes. */
function patchSecret(request: ArmRequest): ArmResponse {
  const secret = liveSecret(request);
  const { tags, properties } = readArmBody(request.body, vaultSecretPatch);
  const current = currentVersion(secret);
  const changed = {
    contentType: properties?.contentType ?? current.contentType,
    tags: tags ?? current.tags,
    enabled: properties?.attributes?.enabled ?? current.enabled,
    notBefore: properties?.attributes?.nbf ?? current.notBefore,
    expires: properties?.attributes?.exp ?? current.expires,
  };
  checkLifetime({ nbf: changed.notBefore, exp: changed.expires });
  if (properties?.value !== undefined) {
    addSecretVersion(request.context, secret.vault, secret.name, { ...changed, value: properties.value });
  } else {
    request.context.store.mutate(() =>
      Object.assign(current, changed, { updated: unixSeconds(request.context.now()) }),
    );
  }
  return { status: 200, body: secretJson(request, secret) };
}

function checkLifetime(attributes: { nbf?: number | undefined; exp?: number | undefined } | undefined): void {
  const { nbf, exp } = attributes ?? {};
  if (nbf !== undefined && exp !== undefined && exp <= nbf) {
    throw armBadRequest("The attribute exp must be later than nbf.");
  }
}

function secretJson(request: ArmRequest, secret: VaultSecret): unknown {
  const vault = vaultOf(request);
  const { version, contentType, enabled, notBefore, expires, created, updated, tags } = currentVersion(secret);
  const uri = `https://${vault.name.toLowerCase()}.vault.azure.net/secrets/${secret.name}`;
  return {
    id: `${vault.id}/secrets/${secret.name}`,
    name: secret.name,
    type,
    location: vault.location,
    ...(tags !== undefined && { tags }),
    properties: {
      ...(contentType !== undefined && { contentType }),
      attributes: {
        enabled,
        ...(notBefore !== undefined && { nbf: notBefore }),
        ...(expires !== undefined && { exp: expires }),
        created,
        updated,
      },
      secretUri: uri,
      secretUriWithVersion: `${uri}/${version}`,
    },
  };
}
