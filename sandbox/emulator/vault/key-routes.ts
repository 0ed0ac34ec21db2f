import { constants, createPublicKey, type KeyObject, privateDecrypt, publicEncrypt } from "node:crypto";
import { z } from "zod";
import { VAULT_TYPE } from "../arm/types.ts";
import type { ArmResource } from "../directory.ts";
import { recoveryLevel } from "./bundles.ts";
import { VaultError, vaultBadParameter, vaultNotImplemented } from "./errors.ts";
import { keyVersion, privateKey } from "./key-material.ts";
import type { VaultRequest, VaultResponse, VaultRoute } from "./request.ts";

/** https://learn.microsoft.com/rest/api/keyvault/keys: reading a key, and encrypting with it. Keys are made through Resource Manager alone. */
export const keyRoutes: readonly VaultRoute[] = ["/keys/:name", "/keys/:name/:version"].flatMap((path) => [
  { method: "POST", path: `${path}/encrypt`, action: "keys/encrypt/action", handle: encrypt },
  { method: "POST", path: `${path}/decrypt`, action: "keys/decrypt/action", handle: decrypt },
  { method: "GET", path, action: "keys/read", handle: getKey },
]);

/** The hash of each padding that the sandbox knows. */
const HASHES: Readonly<Record<string, string>> = { "RSA-OAEP": "sha1", "RSA-OAEP-256": "sha256" };
/** What Key Vault has besides (https://learn.microsoft.com/azure/key-vault/keys/about-keys-details). */
const OTHERS = /^(RSA1_5|A(128|192|256)(GCM|CBC|CBCPAD))$/;

const operation = z.strictObject({ alg: z.string(), value: z.string().regex(/^[A-Za-z0-9_-]*={0,2}$/) });

async function getKey(request: VaultRequest): Promise<VaultResponse> {
  const key = keyOf(request);
  const { kty, n, e } = createPublicKey(await privateKey(request.context, request.vault, key)).export({
    format: "jwk",
  });
  const body = {
    key: { kid: key.properties.keyUriWithVersion, kty, key_ops: key.properties.keyOps, n, e },
    attributes: { ...Object(key.properties.attributes), recoveryLevel: recoveryLevel(request) },
    ...(key.tags !== undefined && { tags: key.tags }),
  };
  return { status: 200, body };
}

function encrypt(request: VaultRequest): Promise<VaultResponse> {
  return use(request, "encrypt", (key, oaepHash, value) =>
    publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, value),
  );
}

function decrypt(request: VaultRequest): Promise<VaultResponse> {
  return use(request, "decrypt", (key, oaepHash, value) =>
    privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, value),
  );
}

async function use(
  request: VaultRequest,
  name: "encrypt" | "decrypt",
  run: (key: KeyObject, hash: string, value: Buffer) => Buffer,
): Promise<VaultResponse> {
  const key = keyOf(request);
  const body = operation.safeParse(request.body);
  // The message names the property, never its value, which may be a secret.
  if (!body.success) throw vaultBadParameter(`Property ${body.error.issues[0]?.path.join(".")} has an invalid value.`);
  const { alg, value } = body.data;
  const hash = Object.hasOwn(HASHES, alg) ? HASHES[alg] : undefined;
  if (OTHERS.test(alg)) throw vaultNotImplemented(`the algorithm ${alg}`);
  if (hash === undefined) throw vaultBadParameter("Property alg has an invalid value.");
  checkUsable(key, name);
  const pair = await privateKey(request.context, request.vault, key);
  let result: Buffer;
  try {
    result = run(pair, hash, Buffer.from(value, "base64url"));
  } catch {
    // Too long for the key, or encrypted by another one: Key Vault tells nobody which.
    throw vaultBadParameter("The parameter is incorrect.");
  }
  return { status: 200, body: { kid: key.properties.keyUriWithVersion, value: result.toString("base64url") } };
}

/** The key of the path; a version has to be its only one. */
function keyOf({ context, vault, params }: VaultRequest): ArmResource {
  const { name = "", version } = params;
  const key = context.store.data.armResources[`${vault.id}/keys/${name}`.toLowerCase()];
  if (key?.type === `${VAULT_TYPE}/keys` && (version === undefined || version.toLowerCase() === keyVersion(key))) {
    return key;
  }
  const asked = version === undefined ? name : `${name}/${version}`;
  throw new VaultError(
    404,
    "KeyNotFound",
    `A key with (name/id) ${asked} was not found in this key vault. If you recently deleted this key you may be able to recover it using the correct recovery command.`,
  );
}

function checkUsable(key: ArmResource, name: string): void {
  const forbidden = (why: string, inner?: string) =>
    new VaultError(403, "Forbidden", `Operation ${name} is not allowed on ${why}.`, inner);
  if (Object(key.properties.attributes).enabled === false) throw forbidden("a disabled key", "KeyDisabled");
  if (!(key.properties.keyOps as string[]).includes(name)) {
    throw forbidden("this key, since its key operations do not include it", "KeyOperationForbidden");
  }
}
