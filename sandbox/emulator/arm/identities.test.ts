import { beforeEach, describe, expect, it } from "vitest";
import { TENANT } from "../testing.ts";
import { type ArmWorld, armWorld, GROUP, IDENTITY } from "./testing.ts";

let world: ArmWorld;
beforeEach(async () => {
  world = armWorld();
  await world.arm("PUT", GROUP, { location: "westeurope" });
});

const create = () => world.arm("PUT", IDENTITY, { location: "westeurope" });
const credential = (name: string, subject = name) =>
  world.arm("PUT", `${IDENTITY}/federatedIdentityCredentials/${name}`, {
    properties: {
      issuer: "https://oidc.sandbox.contoso.example/cluster-1",
      subject,
      audiences: ["api://AzureADTokenExchange"],
    },
  });

describe("managed identities", () => {
  it("are service principals of the directory, for as long as they live", async () => {
    const { status, body } = await create();
    expect(status).toBe(201);
    expect(body.properties.tenantId).toBe(TENANT);
    const { principalId, clientId } = body.properties;
    expect(world.context.store.data.servicePrincipals[principalId]).toMatchObject({
      appId: clientId,
      displayName: "id-superset",
      servicePrincipalType: "ManagedIdentity",
      alternativeNames: ["isExplicit=True", IDENTITY],
    });
    const again = await world.arm("PUT", IDENTITY, { location: "westeurope", tags: { a: "1" } });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ tags: { a: "1" }, properties: { principalId } });
    expect((await world.arm("DELETE", IDENTITY)).status).toBe(200);
    expect(world.context.store.data.servicePrincipals[principalId]).toBeUndefined();
    expect((await world.arm("DELETE", IDENTITY)).status).toBe(204);
  });

  it("need a group, a location and a good name", async () => {
    const elsewhere = IDENTITY.replace("rg-entrada", "rg-none");
    expect((await world.arm("PUT", elsewhere, { location: "westeurope" })).body.error.code).toBe(
      "ResourceGroupNotFound",
    );
    expect((await world.arm("PUT", IDENTITY, {})).status).toBe(400);
    expect((await world.arm("PUT", IDENTITY.replace("id-superset", "x"), { location: "westeurope" })).status).toBe(400);
  });
});

describe("their federated credentials", () => {
  it("are written, read and deleted", async () => {
    await create();
    expect((await credential("cluster")).status).toBe(201);
    expect((await credential("cluster", "changed")).status).toBe(200);
    const path = `${IDENTITY}/federatedIdentityCredentials`;
    expect((await world.arm("GET", path)).body.value).toHaveLength(1);
    expect((await world.arm("GET", `${path}/cluster`)).body.properties.subject).toBe("changed");
    expect((await world.arm("DELETE", `${path}/cluster`)).status).toBe(200);
    expect((await world.arm("DELETE", `${path}/cluster`)).status).toBe(204);
    expect((await world.arm("GET", `${path}/cluster`)).status).toBe(404);
  });

  it("must be written one after the other", async () => {
    await create();
    const answers = await Promise.all([credential("first"), credential("second")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body.error.code).toContain("ConcurrentFederatedIdentityCredentialsWrites");
    expect((await credential("third")).status).toBe(201);
  });

  it("trust an issuer and subject once, have one audience, and are twenty at most", async () => {
    await create();
    await credential("name-0", "subject-0");
    expect((await credential("other", "subject-0")).status).toBe(409);
    const path = `${IDENTITY}/federatedIdentityCredentials/two`;
    const properties = { issuer: "https://x", subject: "y", audiences: ["a", "b"] };
    expect((await world.arm("PUT", path, { properties })).status).toBe(400);
    for (let n = 1; n < 20; n++) expect((await credential(`name-${n}`)).status).toBe(201);
    expect((await credential("name-20")).body.error.code).toBe("TooManyFederatedIdentityCredentials");
  });
});
