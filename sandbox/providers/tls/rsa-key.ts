import { createHash, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { PropertyMap } from "../protocol/types.ts";

const generate = promisify(generateKeyPair);

/** A new key with its outputs, each in the form that the official provider gives. */
export interface GeneratedKey {
  /** SHA-1 of the public key, as the official provider counts it. */
  readonly id: string;
  readonly outputs: PropertyMap;
}

/**
 * Draws an RSA key. `privateKeyOpenssh` is missing: OpenSSH's own private format is nothing that Node can write, and nothing
 * here reads it.
 */
export async function generateRsaKey(bits: number): Promise<GeneratedKey> {
  const { privateKey, publicKey } = await generate("rsa", { modulusLength: bits });
  const der = publicKey.export({ type: "spki", format: "der" });
  const ssh = sshKeyOf(publicKey);
  return {
    id: createHash("sha1").update(der).digest("hex"),
    outputs: {
      privateKeyPem: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
      privateKeyPemPkcs8: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
      publicKeyOpenssh: `ssh-rsa ${ssh.toString("base64")}\n`,
      publicKeyFingerprintMd5: inPairs(createHash("md5").update(ssh).digest("hex")),
      publicKeyFingerprintSha256: `SHA256:${createHash("sha256").update(ssh).digest("base64").replace(/=+$/, "")}`,
    },
  };
}

/** A public key as SSH sends it (RFC 4253, 6.6): name, exponent and modulus, each after its length. */
function sshKeyOf(publicKey: KeyObject): Buffer {
  const { e = "", n = "" } = publicKey.export({ format: "jwk" });
  return Buffer.concat([sized(Buffer.from("ssh-rsa")), sized(positive(e)), sized(positive(n))]);
}

/** A number whose highest bit is set gets a zero in front, or SSH would read it as negative. */
function positive(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, "base64url");
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}

function sized(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function inPairs(hex: string): string {
  return (hex.match(/../g) ?? []).join(":");
}
