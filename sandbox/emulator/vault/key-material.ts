import { createPrivateKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { EmulatorContext } from "../context.ts";
import type { ArmResource } from "../directory.ts";

const generate = promisify(generateKeyPair);
const opened = new WeakMap<EmulatorContext, Map<string, Promise<KeyObject>>>();

/** The version of a key, which its URI ends with. */
export const keyVersion = (key: ArmResource) => String(key.properties.keyUriWithVersion).split("/").at(-1) ?? "";

/**
 * The private key behind a vault's key. It is made when it is asked for first, because RSA keys take seconds and most keys of
 * tests are never used, and kept sealed.
 */
export function privateKey(context: EmulatorContext, vault: ArmResource, key: ArmResource): Promise<KeyObject> {
  const name = `${vault.name}/${key.name}/${keyVersion(key)}`.toLowerCase();
  const keys = opened.get(context) ?? new Map<string, Promise<KeyObject>>();
  opened.set(context, keys);
  const known = keys.get(name) ?? openOrMake(context, name, Number(key.properties.keySize));
  keys.set(name, known);
  return known;
}

async function openOrMake(context: EmulatorContext, name: string, bits: number): Promise<KeyObject> {
  const sealed = context.store.data.vaultKeys[name];
  if (sealed !== undefined) return createPrivateKey(context.open(sealed));
  const { privateKey: made } = await generate("rsa", { modulusLength: bits });
  const pem = made.export({ type: "pkcs8", format: "pem" }).toString();
  context.store.mutate((data) => {
    data.vaultKeys[name] = context.seal(pem);
  });
  return made;
}
