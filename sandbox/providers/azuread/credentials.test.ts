import { expect, test } from "vitest";
import { type PropertyMap, Secret } from "../protocol/types.ts";
import { deploy, redeploy, refTo, type TestCloud, testCloud } from "../testing.ts";

const APPLICATION = refTo("azuread:index/application:Application");
const PASSWORD = refTo("azuread:index/applicationPassword:ApplicationPassword");
const FEDERATED = refTo("azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential");

const superset = (cloud: TestCloud): PropertyMap => ({
  displayName: "Superset",
  owners: [cloud.world.deployer.objectId],
});
const live = (cloud: TestCloud, id: string) => {
  const app = cloud.world.context.store.data.applications[id.slice("/applications/".length)];
  if (!app) throw new Error(`There is no application ${id}.`);
  return app;
};

test("a federated credential is made, changed and found by its name", async () => {
  const cloud = testCloud();
  const app = await deploy(cloud.azuread, APPLICATION, superset(cloud));
  const args: PropertyMap = {
    applicationId: app.id,
    displayName: "superset",
    issuer: "https://oidc.contoso.example/1",
    subject: "system:serviceaccount:bi:superset",
    audiences: ["api://AzureADTokenExchange"],
  };
  const credential = await deploy(cloud.azuread, FEDERATED, args);
  expect(credential.id).toBe(
    `${String(app.outputs.objectId)}/federatedIdentityCredential/${String(credential.outputs.credentialId)}`,
  );
  const changed = await redeploy(cloud.azuread, FEDERATED, credential, {
    ...args,
    subject: "system:serviceaccount:bi:web",
  });
  expect(changed.diff.changes).toEqual({ subject: "update" });
  expect(live(cloud, app.id).federatedIdentityCredentials[0]?.subject).toBe("system:serviceaccount:bi:web");
  expect(
    (await cloud.azuread.diff(FEDERATED, credential.id, credential, { ...args, displayName: "other" })).changes,
  ).toEqual({ displayName: "update-replace" });
  expect(await cloud.azuread.find(FEDERATED, args)).toBe(credential.id);
  await cloud.azuread.delete(FEDERATED, credential.id, credential.outputs, { timeoutSeconds: 5 });
  expect(await cloud.azuread.read(FEDERATED, credential.id, credential)).toBeUndefined();
});

test("a password's value is secret, survives a refresh, and an orphan is removed", async () => {
  const cloud = testCloud();
  const app = await deploy(cloud.azuread, APPLICATION, superset(cloud));
  const args: PropertyMap = {
    applicationId: app.id,
    displayName: "window 1",
    startDate: "2026-03-01T00:00:00.000Z",
    endDate: "2026-05-30T00:00:00.000Z",
    endDateRelative: "24h",
  };
  const password = await deploy(cloud.azuread, PASSWORD, args);
  expect(password.marked.value).toBeInstanceOf(Secret);
  expect(password.outputs.value).toMatch(/^.{20,}$/);
  const refreshed = await cloud.azuread.read(PASSWORD, password.id, password);
  expect(refreshed?.inputs).toEqual(password.inputs);
  expect(refreshed?.outputs.value).toEqual(new Secret(password.outputs.value ?? null));
  expect(live(cloud, app.id).passwordCredentials).toHaveLength(1);
  expect(live(cloud, app.id).passwordCredentials[0]?.endDateTime).toMatch(/^2026-05-30T00:00:00/);

  expect(await cloud.azuread.find(PASSWORD, args)).toBeUndefined();
  expect(live(cloud, app.id).passwordCredentials).toEqual([]);
  expect(await cloud.azuread.read(PASSWORD, password.id, password)).toBeUndefined();
  const next = await deploy(cloud.azuread, PASSWORD, args);
  await cloud.azuread.delete(PASSWORD, next.id, next.outputs, { timeoutSeconds: 5 });
  expect(live(cloud, app.id).passwordCredentials).toEqual([]);
});
