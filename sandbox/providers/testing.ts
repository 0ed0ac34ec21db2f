import type { Hono } from "hono";
import { createArmApp } from "../emulator/arm/app.ts";
import type { Caller } from "../emulator/context.ts";
import { databricksHosts } from "../emulator/databricks/app.ts";
import { createGraphApp } from "../emulator/graph/app.ts";
import { dispatch, type Hosts } from "../emulator/hosts.ts";
import { SUBSCRIPTION, seededWorld, TENANT, type World } from "../emulator/testing.ts";
import { createVaultApp } from "../emulator/vault/app.ts";
import { azureNativeProvider } from "./azure-native/provider.ts";
import { azureadProvider } from "./azuread/provider.ts";
import { databricksProvider } from "./databricks/provider.ts";
import type { Http } from "./http/http.ts";
import { reveal } from "./protocol/secrecy.ts";
import type { PropertyMap, ProviderImplementation, ResourceRef } from "./protocol/types.ts";

/** A request as it was answered. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
  readonly status: number;
}

/** The stand-ins as one identity has them. */
export interface SignedIn {
  readonly azuread: ProviderImplementation;
  readonly azureNative: ProviderImplementation;
  readonly databricks: ProviderImplementation;
  /** Every request but those for tokens, newest last. */
  readonly sent: Sent[];
  /** Sends a request again, or another one, as the identity; the answer is its body as text. */
  send(request: Pick<Sent, "method" | "url" | "body">): Promise<Sent & { readonly answer: string }>;
}

/** The stand-ins against the emulator's own hosts, in one process and without a network, for tests. */
export interface TestCloud extends Omit<SignedIn, "sent" | "send"> {
  readonly world: World;
  /** The same cloud, as somebody else. */
  as(caller: Caller): SignedIn;
  readonly http: Http;
  /** Every request as `METHOD path`, newest last. */
  readonly requests: string[];
  /** Answers the next request that the test matches in the emulator's place. */
  interrupt(match: (method: string, url: URL) => boolean, status: number, body: object): void;
  /** Moves on without waiting. */
  readonly waits: number[];
}

export function testCloud(): TestCloud {
  const world = seededWorld();
  const token = tokenOf(world, world.deployer);
  const requests: string[] = [];
  const waits: number[] = [];
  let interruption: { match: (method: string, url: URL) => boolean; status: number; body: object } | undefined;
  const hosts: Hosts = {
    "graph.microsoft.com": createGraphApp(world.context),
    "management.azure.com": createArmApp(world.context),
    "*.vault.azure.net": createVaultApp(world.context) as Hono,
    ...databricksHosts(world.context),
  };
  const http: Http = async ({ method, url, headers, body }) => {
    const target = new URL(url);
    if (target.hostname === "login.microsoftonline.com") {
      return { status: 200, headers: {}, body: JSON.stringify({ access_token: token, expires_in: 3600 }) };
    }
    requests.push(`${method} ${target.pathname}`);
    if (interruption?.match(method, target)) {
      const { status, body: answer } = interruption;
      interruption = undefined;
      return { status, headers: {}, body: JSON.stringify(answer) };
    }
    const response = await dispatch(hosts, new Request(url, { method, headers, body }));
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  };
  const sleep = async (milliseconds: number) => {
    waits.push(milliseconds);
    world.wait(milliseconds);
  };
  const credentials = { tenantId: TENANT, clientId: world.deployer.clientId, clientSecret: "not-checked-here" };
  const as: TestCloud["as"] = (caller) => {
    const own = tokenOf(world, caller);
    const sent: Sent[] = [];
    const ownHttp: Http = async ({ method, url, headers, body }) => {
      if (new URL(url).hostname === "login.microsoftonline.com") {
        return { status: 200, headers: {}, body: JSON.stringify({ access_token: own, expires_in: 3600 }) };
      }
      const response = await dispatch(hosts, new Request(url, { method, headers, body }));
      sent.push({ method, url, body, status: response.status });
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
    };
    return {
      sent,
      azuread: azureadProvider(ownHttp, credentials, sleep),
      databricks: databricksProvider(ownHttp, credentials, sleep),
      azureNative: azureNativeProvider({ http: ownHttp, credentials, subscriptionId: SUBSCRIPTION, sleep }),
      send: async ({ method, url, body }) => {
        const headers = { authorization: `Bearer ${own}`, "content-type": "application/json" };
        const { status, body: answer } = await ownHttp({ method, url, headers, body });
        return { method, url, body, status, answer };
      },
    };
  };
  return {
    world,
    as,
    http,
    requests,
    waits,
    azuread: azureadProvider(http, credentials, sleep),
    databricks: databricksProvider(http, credentials, sleep),
    azureNative: azureNativeProvider({ http, credentials, subscriptionId: SUBSCRIPTION, sleep }),
    interrupt: (match, status, body) => {
      interruption = { match, status, body };
    },
  };
}

/** A token for the fake sign-in, which providers can read the object id from. */
function tokenOf(world: World, caller: Caller): string {
  const claims = Buffer.from(JSON.stringify({ oid: caller.objectId })).toString("base64url");
  const token = `header.${claims}.${caller.roles.join("-")}`;
  world.callers[token] = caller;
  return token;
}

export const refTo = (type: string, name = "it"): ResourceRef => ({
  type,
  urn: `urn:pulumi:test::entrada::${type}::${name}`,
});

/** Check and create, as the engine does; outputs without secret marks. */
export async function deploy(provider: ProviderImplementation, ref: ResourceRef, news: PropertyMap) {
  const { inputs, failures } = await provider.check(ref, undefined, news);
  if (failures.length > 0) throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
  const { id, outputs } = await provider.create(ref, inputs, { preview: false, timeoutSeconds: 10 });
  return { id, inputs, marked: outputs, outputs: reveal(outputs) };
}

/** Check, diff and update. */
export async function redeploy(
  provider: ProviderImplementation,
  ref: ResourceRef,
  old: { readonly id: string; readonly inputs: PropertyMap; readonly outputs: PropertyMap },
  news: PropertyMap,
) {
  const { inputs } = await provider.check(ref, old.inputs, news);
  const diff = await provider.diff(ref, old.id, old, inputs);
  const outputs = await provider.update(ref, old.id, old, inputs, { preview: false, timeoutSeconds: 10 });
  return { id: old.id, diff, inputs, outputs: reveal(outputs) };
}
