import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SeededCloud, seededCloud } from "../emulator/clients/seeded-cloud.ts";
import { SUBSCRIPTION, TENANT } from "../emulator/testing.ts";
import { proxiedHttp } from "./http/http.ts";
import { type StartedProviders, startProviders } from "./index.ts";
import type { ProviderImplementation } from "./protocol/types.ts";
import { deploy, refTo } from "./testing.ts";

const GROUP = refTo("azuread:index/group:Group");
const RESOURCE_GROUP = refTo("azure-native:resources:ResourceGroup");

let cloud: SeededCloud;
let providers: StartedProviders;
beforeEach(async () => {
  cloud = await seededCloud();
  providers = await start(cloud.deployer);
});
afterEach(async () => {
  await providers.close();
  await cloud.close();
});

const start = (deployer: SeededCloud["deployer"]) =>
  startProviders({
    proxyUrl: cloud.proxy.url,
    caFile: cloud.authority.caFile,
    tenantId: TENANT,
    subscriptionId: SUBSCRIPTION,
    deployer,
  });

function named(started: StartedProviders, name: string): ProviderImplementation {
  const implementation = started.implementations.get(name);
  if (!implementation) throw new Error(`No provider ${name} was started.`);
  return implementation;
}

const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.once("error", () => resolve(false)).once("connect", () => socket.destroy());
  });

test("every stand-in listens on its own port, which the engine is told, until it is closed", async () => {
  expect(providers.debugProviders).toMatch(/^azuread:\d+,azure-native:\d+,databricks:\d+,random:\d+,tls:\d+$/);
  const ports = providers.served.map(({ port }) => port);
  expect(await Promise.all(ports.map(listens))).toEqual([true, true, true, true, true]);
  await providers.close();
  expect(await Promise.all(ports.map(listens))).toEqual([false, false, false, false, false]);
  providers = await start(cloud.deployer);
});

test("they sign in as the deployer and reach Graph and ARM through the proxy", async () => {
  const group = await deploy(named(providers, "azuread"), GROUP, { displayName: "analysts", securityEnabled: true });
  expect(cloud.store.data.groups[String(group.outputs.objectId)]?.displayName).toBe("analysts");
  const { outputs } = await deploy(named(providers, "azure-native"), RESOURCE_GROUP, {
    resourceGroupName: "rg-data",
    location: "westeurope",
  });
  expect(outputs).toMatchObject({ name: "rg-data", properties: { provisioningState: "Succeeded" } });
});

test("a wrong client secret is told in Entra's words, without the secret", async () => {
  const wrong = await start({ clientId: cloud.deployer.clientId, clientSecret: "not-the-secret" });
  const failure = await deploy(named(wrong, "azuread"), GROUP, { displayName: "x", securityEnabled: true }).catch(
    String,
  );
  await wrong.close();
  expect(failure).toContain("AADSTS7000215");
  expect(failure).not.toContain("not-the-secret");
});

test("no other host is reached", async () => {
  const connection = proxiedHttp({ proxyUrl: cloud.proxy.url, caFile: cloud.authority.caFile });
  await expect(connection.http({ method: "GET", url: "https://example.com/" })).rejects.toThrow();
  await connection.close();
});
