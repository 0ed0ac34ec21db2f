import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { derOf, keyIdOf } from "./key-pair.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
const publicDer = publicKey.export({ type: "spki", format: "der" });

describe("derOf", () => {
  it("gives the bytes that a server reads as PKCS #8 and X.509, as base64 in one line", () => {
    const privatePem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const der = Buffer.from(derOf(privatePem), "base64");
    expect(createPrivateKey({ key: der, type: "pkcs8", format: "der" }).equals(privateKey)).toBe(true);
    const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString();
    expect(derOf(publicPem)).toBe(publicDer.toString("base64"));
    expect(createPublicKey({ key: publicDer, type: "spki", format: "der" }).equals(publicKey)).toBe(true);
  });

  it.each(["", "AAAA", "-----BEGIN A-----\nAAAA\n-----END B-----\n", "x\n-----BEGIN A-----\nAAAA\n-----END A-----\n"])(
    "refuses %j without showing it",
    (text) => {
      expect(() => derOf(text)).toThrow(/^The key is not one PEM block\.$/);
    },
  );
});

describe("keyIdOf", () => {
  it("is a hash of the public key, so another key has another name", () => {
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    expect(keyIdOf(pem)).toBe(createHash("sha256").update(publicDer).digest("hex").slice(0, 32));
    const other = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ type: "spki", format: "pem" });
    expect(keyIdOf(other.toString())).not.toBe(keyIdOf(pem));
  });
});
