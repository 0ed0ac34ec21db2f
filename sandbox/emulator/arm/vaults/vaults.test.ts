import { beforeEach, describe, expect, it } from "vitest";
import { NOWHERE } from "../../testing.ts";
import { type ArmWorld, armWorld, GROUP, SCOPE, VAULT, vaultBody } from "../testing.ts";

const DAY = 24 * 60 * 60 * 1000;
const DELETED = `${SCOPE}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv-sandbox-1`;
let world: ArmWorld;
beforeEach(async () => {
  world = armWorld();
  await world.arm("PUT", GROUP, { location: "westeurope" });
});

describe("vaults", () => {
  it("are created asynchronously, with Azure's defaults", async () => {
    const created = await world.arm("PUT", VAULT, vaultBody());
    expect(created.status).toBe(201);
    expect(created.body.properties).toMatchObject({
      provisioningState: "RegisteringDns",
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      publicNetworkAccess: "Enabled",
      vaultUri: "https://kv-sandbox-1.vault.azure.net/",
    });
    expect(created.body.properties).not.toHaveProperty("enablePurgeProtection");
    const operation = (created.headers.get("azure-asyncoperation") ?? "").replace("https://management.azure.com", "");
    expect((await world.arm("GET", operation)).body.status).toBe("InProgress");
    world.wait(1000);
    expect((await world.arm("GET", operation)).body.status).toBe("Succeeded");
    expect((await world.arm("GET", VAULT)).body.properties.provisioningState).toBe("Succeeded");
    expect((await world.arm("GET", `${GROUP}/providers/Microsoft.KeyVault/vaults`)).body.value).toHaveLength(1);
  });

  it.each([
    [{ sku: undefined }, "properties.sku"],
    [{ sku: { family: "A", name: "gold" } }, "properties.sku.name"],
    [{ tenantId: undefined }, "properties.tenantId"],
    [{ tenantId: NOWHERE }, "tenantId"],
    [{ enablePurgeProtection: false }, "enablePurgeProtection"],
    [{ enableSoftDelete: false }, "enableSoftDelete"],
    [{ enableRbacAuthorization: false }, "enableRbacAuthorization"],
    [{ softDeleteRetentionInDays: 6 }, "softDeleteRetentionInDays"],
    [{ softDeleteRetentionInDays: 91 }, "softDeleteRetentionInDays"],
    [{ publicNetworkAccess: "sometimes" }, "publicNetworkAccess"],
    [{ networkAcls: { defaultAction: "Maybe" } }, "networkAcls.defaultAction"],
    [{ colour: "red" }, "properties.colour"],
  ])("refuse %j", async (properties, part) => {
    const { status, body } = await world.arm("PUT", VAULT, vaultBody(properties));
    expect(status).toBe(400);
    expect(body.error.message).toContain(part);
  });

  it.each(["ab", "1kv-name", "kv--name", "kv-name-", "kv-name-that-is-far-too-long"])(
    "refuse the name %s",
    async (name) => {
      const { body } = await world.arm("PUT", VAULT.replace("kv-sandbox-1", name), vaultBody());
      expect(body.error.code).toBe("VaultNameNotValid");
    },
  );

  it("keep purge protection, retention and place", async () => {
    await world.arm("PUT", VAULT, vaultBody({ enablePurgeProtection: true, softDeleteRetentionInDays: 7 }));
    const again = await world.arm("PUT", VAULT, vaultBody());
    expect(again.status).toBe(200);
    expect(again.body.properties).toMatchObject({ enablePurgeProtection: true, softDeleteRetentionInDays: 7 });
    expect((await world.arm("PUT", VAULT, vaultBody({ softDeleteRetentionInDays: 30 }))).status).toBe(400);
    const moved = await world.arm("PUT", VAULT, { ...vaultBody(), location: "northeurope" });
    expect(moved.body.error.code).toBe("InvalidResourceLocation");
    const patched = await world.arm("PATCH", VAULT, { properties: { publicNetworkAccess: "disabled" } });
    expect(patched.body.properties).toMatchObject({ publicNetworkAccess: "Disabled", enablePurgeProtection: true });
  });

  it("have names that nobody else can take, in whatever case", async () => {
    await world.arm("PUT", VAULT, vaultBody());
    const other = GROUP.replace("rg-entrada", "rg-other");
    await world.arm("PUT", other, { location: "westeurope" });
    const twin = await world.arm("PUT", VAULT.replace(GROUP, other).replace("kv-", "KV-"), vaultBody());
    expect(twin.body.error.code).toBe("VaultAlreadyExists");
    const check = (name: string) =>
      world.arm("POST", `${SCOPE}/providers/Microsoft.KeyVault/checkNameAvailability`, {
        name,
        type: "Microsoft.KeyVault/vaults",
      });
    expect((await check("kv-sandbox-1")).body.reason).toBe("AlreadyExists");
    expect((await check("kv-free-1")).body).toEqual({ nameAvailable: true });
    expect((await check("1")).body.reason).toBe("AccountNameInvalid");
  });
});

describe("deleted vaults", () => {
  it("block their name, and can be recovered with their secrets", async () => {
    await world.arm("PUT", VAULT, vaultBody());
    await world.arm("PUT", `${VAULT}/secrets/key`, { properties: { value: "planted" } });
    expect((await world.arm("DELETE", VAULT)).status).toBe(200);
    expect((await world.arm("DELETE", VAULT)).status).toBe(204);
    expect((await world.arm("GET", VAULT)).body.error.code).toBe("ResourceNotFound");
    expect((await world.arm("PUT", VAULT, vaultBody())).body.error.code).toBe("ConflictError");
    const listed = await world.arm("GET", `${SCOPE}/providers/Microsoft.KeyVault/deletedVaults`);
    expect(listed.body.value[0].properties.vaultId).toBe(VAULT);
    expect((await world.arm("PUT", VAULT, vaultBody({ createMode: "recover" }))).status).toBe(201);
    expect((await world.arm("GET", `${VAULT}/secrets/key`)).status).toBe(200);
    expect((await world.arm("GET", VAULT)).body.properties).not.toHaveProperty("deletionDate");
  });

  it("are purged on demand, but not with purge protection", async () => {
    await world.arm("PUT", VAULT, vaultBody({ enablePurgeProtection: true, softDeleteRetentionInDays: 7 }));
    await world.arm("DELETE", VAULT);
    expect((await world.arm("POST", `${DELETED}/purge`)).body.error.code).toBe("MethodNotAllowed");
    world.wait(7 * DAY);
    expect((await world.arm("PUT", VAULT, vaultBody())).status).toBe(201);
    await world.arm("DELETE", VAULT);
    expect((await world.arm("POST", `${DELETED}/purge`)).status).toBe(202);
    expect((await world.arm("GET", DELETED)).status).toBe(404);
    expect((await world.arm("PUT", VAULT, vaultBody({ createMode: "recover" }))).status).toBe(400);
  });
});

describe("secrets of a vault", () => {
  it("are written and read, but never with their value", async () => {
    await world.arm("PUT", VAULT, vaultBody());
    const secret = `${VAULT}/secrets/database-password`;
    const body = {
      tags: { owner: "bi" },
      properties: { value: "planted", contentType: "text/plain", attributes: { exp: 1800000000 } },
    };
    const created = await world.arm("PUT", secret, body);
    expect(created.status).toBe(201);
    const again = await world.arm("PUT", secret, body);
    expect(again.status).toBe(200);
    expect(again.body.properties.secretUriWithVersion).not.toBe(created.body.properties.secretUriWithVersion);
    const read = await world.arm("GET", secret);
    expect(read.body).toMatchObject({
      name: "database-password",
      tags: { owner: "bi" },
      properties: { attributes: { enabled: true, exp: 1800000000 } },
    });
    expect(JSON.stringify([created.body, read.body, world.context.store.data])).not.toContain("planted");
    const patched = await world.arm("PATCH", secret, { properties: { attributes: { enabled: false } } });
    expect(patched.body.properties).toMatchObject({ contentType: "text/plain", attributes: { enabled: false } });
    expect((await world.arm("GET", `${VAULT}/secrets`)).body.value).toHaveLength(1);
  });

  it.each([
    ["a_b", { value: "x" }],
    ["key", {}],
    ["key", { value: "x", attributes: { nbf: 20, exp: 10 } }],
    ["key", { value: "x", colour: "red" }],
  ])("refuse %s with %j", async (name, properties) => {
    await world.arm("PUT", VAULT, vaultBody());
    expect((await world.arm("PUT", `${VAULT}/secrets/${name}`, { properties })).status).toBe(400);
  });
});
