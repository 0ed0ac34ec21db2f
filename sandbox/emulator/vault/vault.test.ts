import { beforeEach, describe, expect, it } from "vitest";
import { type ArmWorld, armWorld, ROLES, VAULT } from "../arm/testing.ts";
import { TENANT } from "../testing.ts";

const DAY = 24 * 60 * 60 * 1000;
let world: ArmWorld;
beforeEach(async () => {
  world = armWorld();
  await world.deploy();
  await world.assign(world.deployer.objectId, ROLES.administrator, VAULT);
});

const set = (name: string, value = "planted", more: Record<string, unknown> = {}, as?: string) =>
  world.vault("PUT", `/secrets/${name}`, { value, ...more }, as);

describe("the challenge", () => {
  it("tells a client without a token where to get one", async () => {
    const { status, headers } = await world.vault("GET", "/secrets/x", undefined, "");
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe(
      `Bearer authorization="https://login.microsoftonline.com/${TENANT}", resource="https://vault.azure.net"`,
    );
  });

  it("comes only from vaults that exist", async () => {
    expect((await world.vault("GET", "/secrets/x", undefined, "", "kv-none")).status).toBe(404);
  });
});

describe("secrets", () => {
  it("have versions, sealed in the store", async () => {
    const first = await set("Key", "planted-1", { contentType: "text/plain", tags: { a: "1" } });
    expect(first.status).toBe(200);
    const second = await set("Key", "planted-2");
    expect((await world.vault("GET", "/secrets/key")).body).toMatchObject({ value: "planted-2", id: second.body.id });
    const old = new URL(first.body.id).pathname;
    expect((await world.vault("GET", old)).body).toMatchObject({
      value: "planted-1",
      contentType: "text/plain",
      tags: { a: "1" },
    });
    expect((await world.vault("GET", "/secrets/Key/")).body.value).toBe("planted-2");
    expect((await world.vault("GET", "/secrets/Key/0123")).status).toBe(404);
    const versions = await world.vault("GET", "/secrets/Key/versions");
    expect(versions.body.value).toHaveLength(2);
    expect(JSON.stringify([versions.body, world.context.store.data])).not.toContain("planted");
  });

  it("written through Azure Resource Manager are the same ones", async () => {
    await world.arm("PUT", `${VAULT}/secrets/key`, { properties: { value: "planted" } });
    expect((await world.vault("GET", "/secrets/key")).body.value).toBe("planted");
  });

  it("are listed in pages without their values", async () => {
    for (let n = 0; n < 5; n++) await set(`key-${n}`);
    const first = await world.vault("GET", "/secrets?maxresults=3");
    expect(first.body.value).toHaveLength(3);
    const next = new URL(first.body.nextLink);
    const second = await world.vault("GET", next.pathname + next.search);
    expect(second.body).toMatchObject({ nextLink: null });
    expect(second.body.value.map(({ id }: { id: string }) => id.split("/").at(-1))).toEqual(["key-3", "key-4"]);
    expect((await world.vault("GET", "/secrets?maxresults=26")).status).toBe(400);
  });

  it("are not given out while disabled, but outside their times", async () => {
    await set("key", "planted", { attributes: { exp: 1000, nbf: 500 } });
    expect((await world.vault("GET", "/secrets/key")).body.attributes).toMatchObject({ exp: 1000, nbf: 500 });
    const updated = await world.vault("PATCH", "/secrets/key", { attributes: { enabled: false } });
    expect(updated.body).not.toHaveProperty("value");
    const refused = await world.vault("GET", "/secrets/key");
    expect(refused.status).toBe(403);
    expect(refused.body.error.innererror.code).toBe("SecretDisabled");
  });

  it.each([
    ["a_b", { value: "x" }],
    ["key", {}],
    ["key", { value: "x".repeat(25_001) }],
    ["key", { value: "x", attributes: { nbf: 20, exp: 10 } }],
    ["key", { value: "planted", colour: "red" }],
  ])("refuse bad bodies and names (%s)", async (name, body) => {
    const { status, body: answer } = await world.vault("PUT", `/secrets/${name}`, body);
    expect(status).toBe(400);
    expect(answer.error.code).toBe("BadParameter");
    expect(JSON.stringify(answer)).not.toContain("planted");
  });

  it("need a known api-version, and routes that are emulated", async () => {
    expect((await world.vault("GET", "/secrets?api-version=2016-10-01")).status).toBe(400);
    expect((await world.vault("POST", "/secrets/key/backup")).status).toBe(501);
    expect((await world.vault("GET", "/keys")).body.error.message).toContain("GET /keys");
  });
});

describe("deleted secrets", () => {
  it("block their name, and can be recovered", async () => {
    await set("key");
    const deleted = await world.vault("DELETE", "/secrets/key");
    expect(deleted.body).toMatchObject({ recoveryId: "https://kv-sandbox-1.vault.azure.net/deletedsecrets/key" });
    expect((await world.vault("GET", "/secrets/key")).body.error.code).toBe("SecretNotFound");
    const again = await set("key");
    expect(again.status).toBe(409);
    expect(again.body.error.innererror.code).toBe("ObjectIsDeletedButRecoverable");
    const arm = await world.arm("PUT", `${VAULT}/secrets/key`, { properties: { value: "x" } });
    expect(arm.status).toBe(409);
    expect((await world.vault("GET", "/deletedsecrets")).body.value).toHaveLength(1);
    expect((await world.vault("POST", "/deletedsecrets/key/recover")).status).toBe(200);
    expect((await world.vault("GET", "/secrets/key")).body.value).toBe("planted");
  });

  it("are purged on demand or when their time has come", async () => {
    await set("key");
    await set("other");
    await world.vault("DELETE", "/secrets/key");
    expect((await world.vault("DELETE", "/deletedsecrets/key")).status).toBe(204);
    expect((await world.vault("GET", "/deletedsecrets/key")).status).toBe(404);
    await world.vault("DELETE", "/secrets/other");
    world.wait(90 * DAY);
    expect((await set("other")).status).toBe(200);
  });

  it("stay with purge protection", async () => {
    await world.arm("PATCH", VAULT, { properties: { enablePurgeProtection: true } });
    const { body } = await set("key");
    expect(body.attributes.recoveryLevel).toBe("Recoverable");
    await world.vault("DELETE", "/secrets/key");
    expect((await world.vault("DELETE", "/deletedsecrets/key")).status).toBe(403);
  });
});

describe("Azure roles", () => {
  it("are needed, also by the subscription's owner", async () => {
    await set("key");
    const refused = await world.vault("GET", "/secrets/key", undefined, "ana.lima");
    expect(refused.status).toBe(403);
    expect(refused.body.error.innererror.code).toBe("ForbiddenByRbac");
    expect(refused.body.error.message).toContain("Microsoft.KeyVault/vaults/secrets/getSecret/action");
    await world.arm("PUT", `${VAULT}/secrets/other`, { properties: { value: "x" } });
    const { data } = world.context.store;
    for (const [id, { properties }] of Object.entries(data.armResources)) {
      if (String(properties.roleDefinitionId).endsWith(ROLES.administrator)) delete data.armResources[id];
    }
    expect((await world.vault("GET", "/secrets/other")).status).toBe(403);
  });

  it.each([
    ["user", { get: 200, list: 200, set: 403, delete: 403 }],
    ["officer", { get: 200, list: 200, set: 200, delete: 200 }],
    ["vaultReader", { get: 403, list: 200, set: 403, delete: 403 }],
    ["reader", { get: 403, list: 403, set: 403, delete: 403 }],
  ] as const)("of a %s allow exactly %j", async (role, expected) => {
    await set("key");
    await world.assign(world.person("ana.lima"), ROLES[role], VAULT);
    const status = async (method: string, path: string, body?: unknown) =>
      (await world.vault(method, path, body, "ana.lima")).status;
    expect({
      get: await status("GET", "/secrets/key"),
      list: await status("GET", "/secrets"),
      set: await status("PUT", "/secrets/mine", { value: "x" }),
      delete: await status("DELETE", "/secrets/key"),
    }).toEqual(expected);
  });

  it("can be given for one secret", async () => {
    await set("key");
    await set("other");
    await world.assign(world.person("ana.lima"), ROLES.user, `${VAULT}/secrets/key`);
    expect((await world.vault("GET", "/secrets/key", undefined, "ana.lima")).status).toBe(200);
    expect((await world.vault("GET", "/secrets/other", undefined, "ana.lima")).status).toBe(403);
  });
});
