import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readOrCreatePrivateFile } from "../network/private-file.ts";

/** Keeps vault values unreadable in the directory's file. */
export interface Seal {
  readonly seal: (plain: string) => string;
  /** Throws when the text was sealed with another key or was changed. */
  readonly open: (sealed: string) => string;
}

const VERSION = "v1";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM with a random key that stands in the file (mode 0600), made at the first time. */
export async function openSeal(keyFile: string): Promise<Seal> {
  const text = await readOrCreatePrivateFile(keyFile, () => randomBytes(32).toString("base64url"));
  const key = Buffer.from(text, "base64url");
  if (key.length !== 32)
    throw new Error(`The sandbox's seal key ${keyFile} is damaged. Run "entrada sandbox reset" to start anew.`);
  return {
    seal: (plain) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, iv);
      const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return `${VERSION}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url")}`;
    },
    open: (sealed) => {
      try {
        return decrypt(key, sealed);
      } catch {
        throw new Error(
          'A sealed value cannot be opened with this sandbox\'s key. Run "entrada sandbox reset" to start anew.',
        );
      }
    },
  };
}

function decrypt(key: Buffer, sealed: string): string {
  const [version, payload] = sealed.split(".");
  if (version !== VERSION || payload === undefined) throw new Error("unknown format");
  const bytes = Buffer.from(payload, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
}
