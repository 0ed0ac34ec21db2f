import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";

const ITERATIONS = 4096;
const VERIFIER = /^SCRAM-SHA-256\$(\d+):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)$/;

/**
 * What PostgreSQL stores of a password (RFC 5803). Handed over instead of the password, it is all that a statement, and with it
 * a log, could ever show.
 * @throws Error for a password that SASLprep would change, which the vault's own never are: letters and digits.
 */
export function scramVerifier(password: string): string {
  if (!/^[\x21-\x7e]+$/.test(password)) {
    throw new Error("A database's password has to be printable ASCII without spaces. Make a new one in the vault.");
  }
  return verifier(password, randomBytes(16), ITERATIONS);
}

/** Whether a stored verifier is of this password. */
export function isVerifierOf(stored: string | null, password: string): boolean {
  const [, iterations, salt] = VERIFIER.exec(stored ?? "") ?? [];
  if (stored === null || iterations === undefined || salt === undefined) return false;
  const expected = Buffer.from(verifier(password, Buffer.from(salt, "base64"), Number(iterations)));
  const found = Buffer.from(stored);
  return expected.length === found.length && timingSafeEqual(expected, found);
}

function verifier(password: string, salt: Buffer, iterations: number): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const storedKey = createHash("sha256").update(clientKey).digest("base64");
  const serverKey = createHmac("sha256", salted).update("Server Key").digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
