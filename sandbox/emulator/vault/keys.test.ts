import { constants, createPublicKey, publicEncrypt } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { type ArmWorld, armWorld, SCOPE, VAULT } from "../arm/testing.ts";

const KEY = `${VAULT}/keys/pulumi`;
const CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424";

let world: ArmWorld;
let version: string;
beforeEach(async () => {
  world = armWorld();
  await world.deploy();
  version = await makeKey();
  await world.assign(world.deployer.objectId, CRYPTO_USER, KEY);
});

async function makeKey(name = "pulumi", properties: Record<string, unknown> = {}): Promise<string> {
  const { body } = await world.arm("PUT", `${VAULT}/keys/${name}?api-version=2024-11-01`, {
    properties: { kty: "RSA", keyOps: ["encrypt", "decrypt"], ...properties },
  });
  return String(body.properties.keyUriWithVersion).split("/").at(-1) ?? "";
}

const text = (value: string) => Buffer.from(value).toString("base64url");
const use = (operation: string, value: string, alg = "RSA-OAEP-256", as?: string) =>
  world.vault("POST", `/keys/pulumi/${version}/${operation}`, { alg, value }, as);

describe("a vault's key", () => {
  it.each(["RSA-OAEP-256", "RSA-OAEP"])("encrypts and decrypts by %s, each time otherwise", async (alg) => {
    const first = await use("encrypt", text("planted"), alg);
    const second = await use("encrypt", text("planted"), alg);
    expect(first).toMatchObject({ status: 200, body: { kid: expect.stringMatching(`/keys/pulumi/${version}$`) } });
    expect(first.body.value).not.toBe(second.body.value);
    expect((await use("decrypt", first.body.value, alg)).body.value).toBe(text("planted"));
  });

  it("gives its public half, with which anybody can encrypt", async () => {
    const { status, body } = await world.vault("GET", "/keys/pulumi");
    expect(status).toBe(200);
    expect(body.key).toMatchObject({ kty: "RSA", key_ops: ["encrypt", "decrypt"] });
    expect(Object.keys(body.key).sort()).toEqual(["e", "key_ops", "kid", "kty", "n"]);
    const key = createPublicKey({ key: { kty: "RSA", n: body.key.n, e: body.key.e }, format: "jwk" });
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const value = publicEncrypt({ key, padding, oaepHash: "sha256" }, Buffer.from("planted")).toString("base64url");
    expect((await use("decrypt", value)).body.value).toBe(text("planted"));
  });

  it("stays the same when the emulator starts anew, and stands sealed in the directory", async () => {
    const { body } = await use("encrypt", text("planted"));
    const [sealed = ""] = Object.values(world.context.store.data.vaultKeys);
    expect(sealed).not.toContain("PRIVATE KEY");
    expect(world.context.open(sealed)).toContain("PRIVATE KEY");
    // Another context over the same store, as after a start.
    const again = armWorld(world.context.store);
    const answer = await again.vault("POST", `/keys/pulumi/${version}/decrypt`, {
      alg: "RSA-OAEP-256",
      value: body.value,
    });
    expect(answer.body.value).toBe(text("planted"));
  });

  it("needs a role at the key or above: to own the subscription is not enough", async () => {
    await world.assign(world.person("ana.lima"), "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", SCOPE);
    const refused = await use("encrypt", text("a"), undefined, "ana.lima");
    expect(refused).toMatchObject({ status: 403, body: { error: { innererror: { code: "ForbiddenByRbac" } } } });
    expect(refused.body.error.message).toContain("Action: 'Microsoft.KeyVault/vaults/keys/encrypt/action'");
    expect(refused.body.error.message).toContain(`Resource: '${KEY.toLowerCase()}'`);
    await world.assign(world.person("ana.lima"), CRYPTO_USER, VAULT);
    expect((await use("encrypt", text("a"), undefined, "ana.lima")).status).toBe(200);
    expect((await world.vault("GET", "/secrets", undefined, "ana.lima")).status).toBe(403);
  });

  it("refuses what Key Vault refuses", async () => {
    const code = async (answer: Promise<{ status: number; body: { error: { code: string } } }>) => {
      const { status, body } = await answer;
      return `${status} ${body.error.code}`;
    };
    expect(await code(use("encrypt", text("a".repeat(500))))).toBe("400 BadParameter");
    expect(await code(use("decrypt", text("another key's")))).toBe("400 BadParameter");
    expect(await code(use("encrypt", text("a"), "ROT13"))).toBe("400 BadParameter");
    expect(await code(use("encrypt", "not base64url!"))).toBe("400 BadParameter");
    expect(await code(use("encrypt", text("a"), "RSA1_5"))).toBe("501 NotImplemented");
    expect(await code(use("sign", text("a"), "RS256"))).toBe("501 NotImplemented");
    version = "0".repeat(32);
    expect(await code(use("encrypt", text("a")))).toBe("404 KeyNotFound");
    await world.assign(world.deployer.objectId, CRYPTO_USER, VAULT);
    await makeKey("off", { attributes: { enabled: false } });
    await makeKey("signs", { keyOps: ["sign"] });
    for (const name of ["off", "signs"]) {
      const body = { alg: "RSA-OAEP", value: text("a") };
      expect(await code(world.vault("POST", `/keys/${name}/encrypt`, body))).toBe("403 Forbidden");
    }
  });
});
