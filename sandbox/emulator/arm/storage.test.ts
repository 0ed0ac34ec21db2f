import { beforeEach, describe, expect, it } from "vitest";
import { type ArmWorld, armWorld, GROUP, ROLES, SCOPE, VAULT } from "./testing.ts";

const ACCOUNT = `${GROUP}/providers/Microsoft.Storage/storageAccounts/stentrada1`;
const SERVICE = `${ACCOUNT}/blobServices/default`;
const CONTAINER = `${SERVICE}/containers/pulumi`;
const KEY = `${VAULT}/keys/pulumi`;
const body = (properties: Record<string, unknown> = {}) => ({
  location: "westeurope",
  kind: "StorageV2",
  sku: { name: "Standard_ZRS" },
  properties: { allowSharedKeyAccess: false, ...properties },
});

let world: ArmWorld;
beforeEach(async () => {
  world = armWorld();
  await world.deploy();
});
const send = (method: string, path: string, content?: unknown, as?: string) =>
  world.arm(method, `${path}?api-version=2024-01-01`, content, as);
const sendKey = (method: string, path: string, content?: unknown) =>
  world.arm(method, `${path}?api-version=2024-11-01`, content);

describe("storage accounts", () => {
  it("are made, read and removed with their containers", async () => {
    expect((await send("PUT", ACCOUNT, body())).status).toBe(201);
    expect((await send("PUT", ACCOUNT, body())).status).toBe(200);
    expect((await send("PUT", CONTAINER, {})).status).toBe(201);
    expect((await send("GET", ACCOUNT)).body).toMatchObject({
      kind: "StorageV2",
      properties: {
        minimumTlsVersion: "TLS1_2",
        primaryEndpoints: { blob: "https://stentrada1.blob.core.windows.net/" },
      },
    });
    expect((await send("GET", `${SERVICE}/containers`)).body.value).toHaveLength(1);
    expect((await send("DELETE", ACCOUNT)).status).toBe(200);
    expect((await send("GET", CONTAINER)).body.error.code).toBe("ResourceNotFound");
  });

  it.each([
    ["shared keys", "stentrada1", { allowSharedKeyAccess: true }, "InvalidRequestContent"],
    ["an unknown property", "stentrada1", { publicAccess: "Off" }, "InvalidRequestContent"],
    ["capitals in a name", "StEntrada", {}, "InvalidResourceName"],
  ])("refuse %s", async (_, name, properties, code) => {
    const answer = await send("PUT", ACCOUNT.replace("stentrada1", name), body(properties));
    expect(answer).toMatchObject({ status: 400, body: { error: { code } } });
  });

  it("have names that nobody else in Azure has", async () => {
    await send("PUT", ACCOUNT, body());
    await world.arm("PUT", `${SCOPE}/resourceGroups/rg-two`, { location: "westeurope" });
    const answer = await send("PUT", ACCOUNT.replace("rg-entrada", "rg-two"), body());
    expect(answer).toMatchObject({ status: 409, body: { error: { code: "StorageAccountAlreadyTaken" } } });
  });

  it("keep nothing that was deleted until somebody says so", async () => {
    await send("PUT", ACCOUNT, body());
    expect((await send("GET", SERVICE)).body.properties.isVersioningEnabled).toBe(false);
    await send("PUT", SERVICE, { properties: { isVersioningEnabled: true } });
    expect((await send("GET", SERVICE)).body.properties).toEqual({
      isVersioningEnabled: true,
      deleteRetentionPolicy: { enabled: false },
      containerDeleteRetentionPolicy: { enabled: false },
    });
  });

  it("refuse public containers unless the account allows them, and containers with wrong names", async () => {
    await send("PUT", ACCOUNT, body());
    const open = await send("PUT", CONTAINER, { properties: { publicAccess: "Blob" } });
    expect(open).toMatchObject({ status: 409, body: { error: { code: "PublicAccessNotPermitted" } } });
    expect((await send("PUT", `${SERVICE}/containers/A`, {})).body.error.code).toBe("InvalidResourceName");
    expect((await send("GET", CONTAINER)).body.error.code).toBe("ContainerNotFound");
  });

  it("want the rights of Azure's roles", async () => {
    await world.assign(world.person("ana.lima"), ROLES.reader, SCOPE);
    await send("PUT", ACCOUNT, body());
    expect((await send("GET", ACCOUNT, undefined, "ana.lima")).status).toBe(200);
    expect((await send("PUT", CONTAINER, {}, "ana.lima")).body.error.code).toBe("AuthorizationFailed");
  });
});

describe("keys of a vault through the control plane", () => {
  const key = { properties: { kty: "RSA", keySize: 3072, keyOps: ["encrypt", "decrypt"] } };

  it("are made once; a second write answers with the same version", async () => {
    expect((await sendKey("GET", KEY)).body.error.code).toBe("KeyNotFound");
    const first = await sendKey("PUT", KEY, key);
    const second = await sendKey("PUT", KEY, { properties: { kty: "RSA", keySize: 2048 } });
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body).toEqual(first.body);
    expect(first.body.properties.keyUriWithVersion).toMatch(
      /^https:\/\/kv-sandbox-1\.vault\.azure\.net\/keys\/pulumi\/[0-9a-f]{32}$/,
    );
    expect((await sendKey("GET", `${VAULT}/keys`)).body.value).toEqual([first.body]);
  });

  it("refuse other kinds and names", async () => {
    expect((await sendKey("PUT", KEY, { properties: { kty: "EC" } })).body.error.code).toBe("InvalidRequestContent");
    expect((await sendKey("PUT", `${VAULT}/keys/a_b`, key)).status).toBe(400);
  });

  it("go with their vault", async () => {
    await sendKey("PUT", KEY, key);
    await sendKey("DELETE", VAULT);
    expect((await sendKey("GET", KEY)).body.error.code).toBe("ResourceNotFound");
  });
});
