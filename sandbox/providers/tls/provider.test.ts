import { createHash, createPrivateKey, createPublicKey, createSign, createVerify } from "node:crypto";
import { expect, test } from "vitest";
import { type PropertyMap, Secret, UNKNOWN } from "../protocol/types.ts";
import { deploy, refTo } from "../testing.ts";
import { tlsProvider } from "./provider.ts";

const tls = tlsProvider();
const KEY = refTo("tls:index/privateKey:PrivateKey");
const text = (value: unknown) => String(value);

test("a key is drawn anew each time, and its private halves are secret", async () => {
  const key = await deploy(tls, KEY, { algorithm: "RSA", rsaBits: 2048 });
  expect(key.marked.privateKeyPem).toBeInstanceOf(Secret);
  expect(key.marked.privateKeyPemPkcs8).toBeInstanceOf(Secret);
  expect(key.marked.publicKeyPem).toBe(key.outputs.publicKeyPem);
  const other = await deploy(tls, KEY, { algorithm: "RSA", rsaBits: 2048 });
  expect(other.outputs.publicKeyPem).not.toBe(key.outputs.publicKeyPem);
  expect(other.id).not.toBe(key.id);
});

test("all forms are of one key, under the headers of the official provider", async () => {
  const { id, outputs } = await deploy(tls, KEY, { algorithm: "RSA" });
  expect(outputs).toMatchObject({ algorithm: "RSA", rsaBits: 2048, ecdsaCurve: "P224" });
  expect(outputs.privateKeyPem).toMatch(
    /^-----BEGIN RSA PRIVATE KEY-----\n[A-Za-z0-9+/=\n]*\n-----END RSA PRIVATE KEY-----\n$/,
  );
  expect(outputs.privateKeyPemPkcs8).toMatch(
    /^-----BEGIN PRIVATE KEY-----\n[A-Za-z0-9+/=\n]*\n-----END PRIVATE KEY-----\n$/,
  );
  expect(outputs.publicKeyPem).toMatch(/^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]*\n-----END PUBLIC KEY-----\n$/);
  const der = createPublicKey(text(outputs.publicKeyPem)).export({ type: "spki", format: "der" });
  expect(id).toBe(createHash("sha1").update(der).digest("hex"));
  for (const form of [outputs.privateKeyPem, outputs.privateKeyPemPkcs8]) {
    const signature = createSign("sha256")
      .update("x")
      .sign(createPrivateKey(text(form)));
    expect(createVerify("sha256").update("x").verify(text(outputs.publicKeyPem), signature)).toBe(true);
  }
});

test("the SSH form holds exponent and modulus, and the fingerprints are of it", async () => {
  const { outputs } = await deploy(tls, KEY, { algorithm: "RSA", rsaBits: 1024 });
  const [kind, body = "", rest] = text(outputs.publicKeyOpenssh).trimEnd().split(" ");
  expect([kind, rest]).toEqual(["ssh-rsa", undefined]);
  const blob = Buffer.from(body, "base64");
  const parts: Buffer[] = [];
  for (let at = 0; at < blob.length; at += 4 + blob.readUInt32BE(at)) {
    parts.push(blob.subarray(at + 4, at + 4 + blob.readUInt32BE(at)));
  }
  const { e, n = "" } = createPublicKey(text(outputs.publicKeyPem)).export({ format: "jwk" });
  expect(parts.map((part) => part.length)).toEqual([7, 3, 129]);
  expect(parts[1]?.toString("base64url")).toBe(e);
  expect(parts[2]?.subarray(1)).toEqual(Buffer.from(n, "base64url"));
  expect(outputs.publicKeyFingerprintMd5).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  const sha256 = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  expect(outputs.publicKeyFingerprintSha256).toBe(`SHA256:${sha256}`);
});

test("a key stays until its size changes, through a refresh too", async () => {
  const old = await deploy(tls, KEY, { algorithm: "RSA" });
  const diff = async (news: PropertyMap) =>
    (await tls.diff(KEY, old.id, old, (await tls.check(KEY, old.inputs, news)).inputs)).changes;
  expect(await diff({ algorithm: "RSA" })).toEqual({});
  expect(await diff({ algorithm: "RSA", rsaBits: 4096 })).toEqual({ rsaBits: "add-replace" });
  const refreshed = await tls.read(KEY, old.id, old);
  expect(refreshed?.inputs).toEqual(old.inputs);
  expect(refreshed?.outputs.privateKeyPem).toEqual(new Secret(text(old.outputs.privateKeyPem)));
});

test.each([
  [{ algorithm: "ED25519" }, "algorithm"],
  [{ algorithm: "RSA", rsaBits: 512 }, "rsaBits"],
  [{}, "algorithm"],
])("%j is refused", async (args, property) => {
  const { failures } = await tls.check(KEY, undefined, args);
  expect(failures.map((failure) => failure.property)).toEqual([property]);
});

test("a preview draws nothing", async () => {
  const planned = await tls.create(KEY, { algorithm: "RSA" }, { preview: true, timeoutSeconds: 1 });
  expect(planned.outputs.privateKeyPem).toEqual(new Secret(UNKNOWN));
  expect(planned.outputs.publicKeyPem).toBe(UNKNOWN);
});
