import { createPublicKey, type JsonWebKey } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { openSigningKeys } from "../../../sandbox/emulator/entra/index.ts";

/**
 * How a forged token is signed.
 * - `entra`: with Entra's own key, as Entra signs for other tenants, tools and people. What the claims say is all that is wrong.
 * - `foreign`: with the attacker's key under the id of Entra's.
 * - `embedded`: with the attacker's key, which the token's own header carries.
 * - `kept`: the claims are edited, the signature of the true ones stays.
 * - `none`: not at all; the header says `alg: none`.
 * - `hmac`: with Entra's public key, which everybody has, as a shared secret (HS256).
 */
export type Signature = "entra" | "foreign" | "embedded" | "kept" | "none" | "hmac";

export type Claims = JWTPayload;

/** Makes tokens that say what an attack wants. */
export interface Forger {
  /** Public keys in PEM: Entra's, the one that signs first, and the attacker's own. */
  readonly publicKeys: { readonly entra: readonly string[]; readonly own: string };
  /** The token with other claims and another signature. */
  forge(token: string, change: (claims: Claims) => Claims, signature: Signature): Promise<string>;
  /** A token of the attacker's own making. */
  make(claims: Claims, signature: Exclude<Signature, "kept">): Promise<string>;
}

/** @param emulatorFolder where the sandbox keeps the keys of its Entra */
export async function openForger(emulatorFolder: string): Promise<Forger> {
  const entra = await openSigningKeys(emulatorFolder);
  const own = await generateKeyPair("RS256", { modulusLength: 2048, extractable: true });
  const jwk = await exportJWK(own.publicKey);
  const [first] = entra.publicKeys;
  if (first === undefined) throw new Error(`The sandbox's Entra has no signing key in ${emulatorFolder}.`);
  const { kid } = first;

  const make: Forger["make"] = (claims, signature) => {
    switch (signature) {
      case "entra":
        return entra.sign(claims);
      case "foreign":
        return new SignJWT(claims).setProtectedHeader({ typ: "JWT", alg: "RS256", kid }).sign(own.privateKey);
      case "embedded":
        return new SignJWT(claims)
          .setProtectedHeader({ typ: "JWT", alg: "RS256", kid: "own", jwk })
          .sign(own.privateKey);
      case "none":
        return Promise.resolve(`${encode({ typ: "JWT", alg: "none", kid })}.${encode(claims)}.`);
      case "hmac":
        return new SignJWT(claims)
          .setProtectedHeader({ typ: "JWT", alg: "HS256", kid })
          .sign(new TextEncoder().encode(pem({ ...first })));
    }
  };
  return {
    publicKeys: { entra: entra.publicKeys.map((key) => pem({ ...key })), own: pem({ ...jwk }) },
    make,
    forge: async (token, change, signature) => {
      const claims = change({ ...decodeJwt(token) });
      if (signature !== "kept") return make(claims, signature);
      return `${encode(decodeProtectedHeader(token))}.${encode(claims)}.${token.split(".")[2]}`;
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** The public key as the text that a careless library would take for a secret. */
function pem(key: JsonWebKey): string {
  return createPublicKey({ key, format: "jwk" }).export({ type: "spki", format: "pem" }).toString();
}
