import { beforeEach, describe, expect, it } from "vitest";
import { NOWHERE, SUBSCRIPTION, TENANT } from "../testing.ts";
import { type ArmWorld, armWorld, GROUP, IDENTITY, ROLES, SCOPE, VAULT } from "./testing.ts";

let world: ArmWorld;
beforeEach(() => {
  world = armWorld();
});

describe("requests", () => {
  it("need a token, an api-version, a known subscription and a role", async () => {
    expect((await world.arm("GET", GROUP, undefined, "")).status).toBe(401);
    const missing = await world.arm("GET", `${GROUP}?api-version=`);
    expect(missing.body.error.code).toBe("MissingApiVersionParameter");
    const unknown = await world.arm("GET", `${VAULT}?api-version=1999-01-01`);
    expect(unknown.status).toBe(400);
    expect(unknown.body.error.code).toBe("NoRegisteredProviderFound");
    expect((await world.arm("GET", `${GROUP}?api-version=1999-01-01`)).body.error.code).toBe(
      "InvalidApiVersionParameter",
    );
    expect((await world.arm("GET", `/subscriptions/${NOWHERE}/resourceGroups`)).body.error.code).toBe(
      "SubscriptionNotFound",
    );
    expect((await world.arm("GET", "/subscriptions/x/resourceGroups")).body.error.code).toBe("InvalidSubscriptionId");
    const denied = await world.arm("PUT", GROUP, { location: "westeurope" }, "ana.lima");
    expect(denied.status).toBe(403);
    expect(denied.body.error.code).toBe("AuthorizationFailed");
    expect(denied.body.error.message).toContain("Microsoft.Resources/subscriptions/resourceGroups/write");
  });

  it.each([
    ["PUT", `${GROUP}/providers/Microsoft.Compute/virtualMachines/x`],
    ["POST", `${VAULT}/accessPolicies/add`],
    ["GET", `${SCOPE}/locations`],
  ])("that nobody emulates are 501: %s %s", async (method, path) => {
    const { status, body } = await world.arm(method, path);
    expect(status).toBe(501);
    expect(body.error.message).toContain(path);
  });

  it("find the cloud's hosts without a token", async () => {
    const { body } = await world.arm("GET", "/metadata/endpoints?api-version=2022-09-01", undefined, "");
    expect(body).toMatchObject({ name: expect.any(String), suffixes: { keyVaultDns: "vault.azure.net" } });
    expect((await world.arm("GET", "/metadata/endpoints?api-version=2015-01-01", undefined, "")).status).toBe(400);
  });
});

describe("subscriptions", () => {
  it("are those where the caller has a role", async () => {
    expect((await world.arm("GET", "/subscriptions")).body.value).toHaveLength(1);
    expect((await world.arm("GET", "/subscriptions", undefined, "ana.lima")).body.value).toEqual([]);
    expect((await world.arm("GET", SCOPE)).body).toMatchObject({ subscriptionId: SUBSCRIPTION, tenantId: TENANT });
    expect((await world.arm("GET", "/tenants")).body.value[0].tenantId).toBe(TENANT);
  });

  it("have their resource providers registered", async () => {
    const registered = await world.arm("POST", `${SCOPE}/providers/Microsoft.KeyVault/register`);
    expect(registered.body.registrationState).toBe("Registered");
    expect(registered.body.resourceTypes[0].apiVersions).toContain("2024-11-01");
    expect((await world.arm("GET", `${SCOPE}/providers/Microsoft.Unknown`)).status).toBe(404);
  });
});

describe("resource groups", () => {
  it("are created, found in any case, updated and listed", async () => {
    const created = await world.arm("PUT", GROUP, { location: "West Europe", tags: { a: "1" } });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ name: "rg-entrada", location: "westeurope", id: GROUP });
    expect((await world.arm("PUT", GROUP.toUpperCase(), { location: "westeurope" })).status).toBe(200);
    expect((await world.arm("GET", GROUP.replace("resourceGroups", "resourcegroups"))).body.name).toBe("rg-entrada");
    expect((await world.arm("PATCH", GROUP, { tags: { b: "2" } })).body.tags).toEqual({ b: "2" });
    expect((await world.arm("GET", `${SCOPE}/resourceGroups`)).body.value).toHaveLength(1);
    expect((await world.arm("HEAD", GROUP)).status).toBe(204);
    expect((await world.arm("HEAD", `${GROUP}-2`)).status).toBe(404);
  });

  it("keep their location, and need a good name and body", async () => {
    await world.arm("PUT", GROUP, { location: "westeurope" });
    expect((await world.arm("PUT", GROUP, { location: "northeurope" })).status).toBe(409);
    expect((await world.arm("PUT", `${GROUP}.`, { location: "westeurope" })).status).toBe(400);
    expect((await world.arm("PUT", GROUP, {})).body.error.code).toBe("InvalidRequestContent");
    expect((await world.arm("PUT", GROUP, { location: "westeurope", colour: "red" })).body.error.message).toContain(
      "colour",
    );
  });

  it("are deleted asynchronously with everything inside", async () => {
    await world.deploy();
    await world.arm("PUT", IDENTITY, { location: "westeurope" });
    const { principalId } = (await world.arm("GET", IDENTITY)).body.properties;
    await world.assign(principalId, ROLES.user, VAULT);
    expect((await world.arm("GET", `${GROUP}/resources`)).body.value).toHaveLength(2);
    const filtered = await world.arm("GET", `${SCOPE}/resources?$filter=resourceType eq 'Microsoft.KeyVault/vaults'`);
    expect(filtered.body.value).toHaveLength(1);
    const deleted = await world.arm("DELETE", GROUP);
    expect(deleted.status).toBe(202);
    const operation = (deleted.headers.get("location") ?? "").replace("https://management.azure.com", "");
    expect((await world.arm("GET", operation)).status).toBe(202);
    world.wait(1000);
    expect((await world.arm("GET", operation)).status).toBe(200);
    expect((await world.arm("GET", VAULT)).body.error.code).toBe("ResourceGroupNotFound");
    const { data } = world.context.store;
    expect(data.servicePrincipals[principalId]).toBeUndefined();
    expect(Object.keys(data.deletedVaults)).toEqual(["kv-sandbox-1"]);
    expect(Object.keys(data.armResources).filter((id) => id.includes("rg-entrada"))).toEqual([]);
    expect((await world.arm("GET", `${SCOPE}/operationresults/nonsense`)).status).toBe(404);
  });
});
