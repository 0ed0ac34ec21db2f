import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { compactVerify, exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from "jose";
import { readOrCreatePrivateFile } from "../../network/private-file.ts";

/** A key as `/discovery/v2.0/keys` serves it: the public half only. */
export interface PublicKey {
  readonly kty: string;
  readonly use: "sig";
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/** The emulator's own signing keys. Two are published, as Entra always has the next one out before it signs with it. */
export interface SigningKeys {
  readonly publicKeys: readonly PublicKey[];
  /** Signs with the first key (RS256). */
  sign(claims: JWTPayload): Promise<string>;
  /**
   * The claims of a token that one of the keys signed; undefined otherwise. `now` decides about expiry; without it an
   * expired token is still read (a logout hint is allowed to be old).
   */
  verify(token: string, now?: Date): Promise<JWTPayload | undefined>;
}

const ALGORITHM = "RS256";
const KEY_COUNT = 2;
const MODULUS_BITS = 2048;

/** Opens the keys in the folder (`signing-keys.json`, mode 0600), making them at the first time. */
export async function openSigningKeys(folder: string): Promise<SigningKeys> {
  const text = await readOrCreatePrivateFile(join(folder, "signing-keys.json"), async () =>
    JSON.stringify(await createKeys()),
  );
  return signingKeys(JSON.parse(text) as JWK[]);
}

/** Keys that live in memory, for tests. */
export async function temporarySigningKeys(): Promise<SigningKeys> {
  return signingKeys(await createKeys());
}

async function createKeys(): Promise<JWK[]> {
  return Promise.all(
    Array.from({ length: KEY_COUNT }, async () => {
      const { privateKey } = await generateKeyPair(ALGORITHM, { modulusLength: MODULUS_BITS, extractable: true });
      return { ...(await exportJWK(privateKey)), kid: randomBytes(20).toString("base64url") };
    }),
  );
}

async function signingKeys(keys: readonly JWK[]): Promise<SigningKeys> {
  const publicKeys = keys.map(publicHalf);
  const [first] = keys;
  if (first?.kid === undefined)
    throw new Error('The sandbox has no signing key. Run "entrada sandbox reset" to start anew.');
  const signingKey = await importJWK(first, ALGORITHM);
  const verificationKeys = new Map(
    await Promise.all(publicKeys.map(async (key) => [key.kid, await importJWK({ ...key }, ALGORITHM)] as const)),
  );
  const header = { typ: "JWT", alg: ALGORITHM, kid: first.kid };
  return {
    publicKeys,
    sign: (claims) => new SignJWT(claims).setProtectedHeader(header).sign(signingKey),
    verify: async (token, now) => {
      const claims = await readSigned(token, (kid) => verificationKeys.get(kid));
      if (claims === undefined || now === undefined) return claims;
      const seconds = now.getTime() / 1000;
      return (claims.nbf ?? 0) <= seconds && seconds < (claims.exp ?? 0) ? claims : undefined;
    },
  };
}

type VerificationKey = Awaited<ReturnType<typeof importJWK>>;

async function readSigned(
  token: string,
  keyOf: (kid: string) => VerificationKey | undefined,
): Promise<JWTPayload | undefined> {
  try {
    const find = ({ kid }: { kid?: string }) => {
      const key = keyOf(kid ?? "");
      if (key === undefined) throw new Error("unknown key");
      return key;
    };
    const { payload } = await compactVerify(token, find, { algorithms: [ALGORITHM] });
    return JSON.parse(new TextDecoder().decode(payload)) as JWTPayload;
  } catch {
    return undefined;
  }
}

function publicHalf(key: JWK): PublicKey {
  const { kty, kid, n, e } = key;
  if (kty === undefined || kid === undefined || n === undefined || e === undefined)
    throw new Error('A signing key of the sandbox is damaged. Run "entrada sandbox reset" to start anew.');
  return { kty, use: "sig", kid, n, e };
}
