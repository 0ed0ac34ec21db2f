import { z } from "zod";
import type { VaultSecret, VaultSecretVersion } from "../directory.ts";
import { secretBundle, secretItem, secretUri } from "./bundles.ts";
import { secretNotFound, VaultError, vaultBadParameter } from "./errors.ts";
import { vaultPage } from "./paging.ts";
import { type VaultRequest, type VaultResponse, type VaultRoute, vaultParam } from "./request.ts";
import { addSecretVersion, currentVersion, findSecret, unixSeconds } from "./secrets.ts";

const MAX_VALUE_BYTES = 25_000;

const attributes = z
  .object({
    enabled: z.boolean().nullish(),
    nbf: z.int().nonnegative().nullish(),
    exp: z.int().nonnegative().nullish(),
  })
  .nullish();
const content = {
  contentType: z.string().max(255).nullish(),
  attributes,
  tags: z.record(z.string(), z.string()).nullish(),
};
const setBody = z.strictObject({ value: z.string(), ...content });
const updateBody = z.strictObject(content);

/** https://learn.microsoft.com/rest/api/keyvault/secrets */
export const secretRoutes: readonly VaultRoute[] = [
  {
    method: "GET",
    path: "/secrets",
    action: "secrets/readMetadata/action",
    handle: (request) => {
      const live = secretsOf(request).filter((secret) => secret.deleted === undefined);
      return vaultPage(
        request,
        live,
        ({ name }) => name,
        (secret) => secretItem(request, secret, currentVersion(secret), false),
      );
    },
  },
  { method: "PUT", path: "/secrets/:name", action: "secrets/setSecret/action", handle: setSecret },
  {
    method: "GET",
    path: "/secrets/:name/versions",
    action: "secrets/readMetadata/action",
    handle: (request) => {
      const secret = liveSecret(request);
      return vaultPage(
        request,
        secret.versions,
        (v) => v.version,
        (v) => secretItem(request, secret, v, true),
      );
    },
  },
  { method: "GET", path: "/secrets/:name", action: "secrets/getSecret/action", handle: getSecret },
  { method: "GET", path: "/secrets/:name/:version", action: "secrets/getSecret/action", handle: getSecret },
  { method: "PATCH", path: "/secrets/:name", action: "secrets/setSecret/action", handle: updateSecret },
  { method: "PATCH", path: "/secrets/:name/:version", action: "secrets/setSecret/action", handle: updateSecret },
];

export function secretsOf(request: VaultRequest): VaultSecret[] {
  const vault = request.vault.name.toLowerCase();
  return Object.values(request.context.store.data.vaultSecrets).filter((secret) => secret.vault === vault);
}

export function liveSecret(request: VaultRequest): VaultSecret {
  const name = vaultParam(request, "name");
  const secret = findSecret(request.context, request.vault.name, name);
  if (secret === undefined || secret.deleted !== undefined) throw secretNotFound(name);
  return secret;
}

function versionOf(request: VaultRequest, secret: VaultSecret): VaultSecretVersion {
  const id = request.params.version;
  if (id === undefined || id === "") return currentVersion(secret);
  const version = secret.versions.find((candidate) => candidate.version === id.toLowerCase());
  if (version === undefined) throw secretNotFound(`${secret.name}/${id}`);
  return version;
}

/** A disabled version is not given out. One outside its nbf and exp is: Key Vault keeps the two as information only. */
function getSecret(request: VaultRequest): VaultResponse {
  const secret = liveSecret(request);
  const version = versionOf(request, secret);
  if (!version.enabled) {
    throw new VaultError(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled");
  }
  return { status: 200, body: secretBundle(request, secret, version) };
}

function setSecret(request: VaultRequest): VaultResponse {
  const name = vaultParam(request, "name");
  if (!/^[0-9A-Za-z-]{1,127}$/.test(name)) {
    throw vaultBadParameter(`The request URI contains an invalid name: ${name}`);
  }
  const body = read(request.body, setBody);
  if (Buffer.byteLength(body.value) > MAX_VALUE_BYTES) {
    throw vaultBadParameter(`Secret value is longer than the maximum of ${MAX_VALUE_BYTES} bytes.`);
  }
  const times = { notBefore: body.attributes?.nbf ?? undefined, expires: body.attributes?.exp ?? undefined };
  checkTimes(times);
  if (findSecret(request.context, request.vault.name, name)?.deleted !== undefined) {
    throw new VaultError(
      409,
      "Conflict",
      `Secret ${secretUri(request, "secrets", name)} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.`,
      "ObjectIsDeletedButRecoverable",
    );
  }
  const { secret, version } = addSecretVersion(request.context, request.vault.name, name, {
    value: body.value,
    contentType: body.contentType ?? undefined,
    tags: body.tags ?? undefined,
    enabled: body.attributes?.enabled ?? undefined,
    ...times,
  });
  return { status: 200, body: secretBundle(request, secret, version) };
}

/** Changes a version's attributes, never its value. */
function updateSecret(request: VaultRequest): VaultResponse {
  const secret = liveSecret(request);
  const version = versionOf(request, secret);
  const body = read(request.body, updateBody);
  const times = {
    notBefore: body.attributes?.nbf ?? version.notBefore,
    expires: body.attributes?.exp ?? version.expires,
  };
  checkTimes(times);
  request.context.store.mutate(() => {
    version.enabled = body.attributes?.enabled ?? version.enabled;
    version.updated = unixSeconds(request.context.now());
    if (times.notBefore !== undefined) version.notBefore = times.notBefore;
    if (times.expires !== undefined) version.expires = times.expires;
    if (body.contentType) version.contentType = body.contentType;
    if (body.tags) version.tags = body.tags;
  });
  return { status: 200, body: secretItem(request, secret, version, true) };
}

function checkTimes({ notBefore, expires }: { notBefore?: number | undefined; expires?: number | undefined }): void {
  if (notBefore !== undefined && expires !== undefined && expires <= notBefore) {
    throw vaultBadParameter("Property exp must be later than property nbf.");
  }
}

/** The message names the property, never its value: the body may hold a secret. */
function read<S extends z.ZodType>(body: unknown, schema: S): z.output<S> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = [...(issue?.path ?? []), ...(issue?.code === "unrecognized_keys" ? [issue.keys[0]] : [])].join(".");
  throw vaultBadParameter(`Property ${path} has an invalid value.`);
}
