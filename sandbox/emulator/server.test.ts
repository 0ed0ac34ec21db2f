import { Hono } from "hono";
import { fetch, ProxyAgent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "./clients/testing.ts";
import { ISSUER } from "./entra/testing.ts";
import { dispatch } from "./hosts.ts";
import { createIssuerApp } from "./issuer.ts";

let cloud: TestCloud;
let dispatcher: ProxyAgent;
const broken = new Hono().get("/fault", () => {
  throw new Error("a fault of the emulator");
});
broken.onError((error, c) => c.json({ error: error.message }, 500));
const documents: Record<string, unknown> = { "/openid/v1/jwks": { keys: [] } };

beforeAll(async () => {
  cloud = await testCloud(() => ({
    "management.azure.com": broken,
    "*.vault.azure.net": new Hono().get("/name", (c) => c.text(c.req.header("host") ?? "")),
    [new URL(ISSUER).hostname]: createIssuerApp(ISSUER, async (path) => ({
      status: path in documents ? 200 : 404,
      body: documents[path],
    })),
  }));
  dispatcher = new ProxyAgent({ uri: cloud.proxy.url, requestTls: { ca: cloud.authority.caPem } });
});
afterAll(async () => {
  await dispatcher.close();
  await cloud.close();
});

const get = (url: string) => fetch(url, { dispatcher });

describe("the emulator's server", () => {
  it("serves each host by its name, wildcards included", async () => {
    expect(await (await get("https://kv-sandbox.vault.azure.net/name")).text()).toBe("kv-sandbox.vault.azure.net");
    expect((await get("https://login.microsoftonline.com/common/discovery/keys")).status).toBe(200);
  });

  it("serves the issuer's public documents below the issuer's path, and nothing else of the cluster", async () => {
    expect(await (await get(`${ISSUER}/openid/v1/jwks`)).json()).toEqual({ keys: [] });
    expect((await get(`${ISSUER}/.well-known/openid-configuration`)).status).toBe(404);
    expect((await get(`${ISSUER}/api/v1/secrets`)).status).toBe(501);
  });

  it("answers 501 for an unknown host and for a fault, never another 5xx", async () => {
    const unknown = await dispatch({}, new Request("https://elsewhere.example/x"));
    expect(unknown.status).toBe(501);
    expect(await unknown.text()).toContain("GET https://elsewhere.example/x");
    const fault = await get("https://management.azure.com/fault");
    expect(fault.status).toBe(501);
    expect(JSON.stringify(await fault.json())).toContain("GET https://management.azure.com/fault");
  });

  it("routes its own hosts on port 443 only", () => {
    const { emulator } = cloud;
    expect(emulator.route("login.microsoftonline.com", 443)).toEqual({ host: "127.0.0.1", port: emulator.port });
    expect(emulator.route("login.microsoftonline.com", 80)).toBeUndefined();
    expect(emulator.route("a.b.vault.azure.net", 443)).toBeUndefined();
    expect(emulator.route("vault.azure.net", 443)).toBeUndefined();
    expect(emulator.route("example.com", 443)).toBeUndefined();
  });

  it("keeps queries out of its log", async () => {
    await get("https://kv-sandbox.vault.azure.net/name?code=hush");
    expect(cloud.requests.at(-1)).toMatchObject({
      method: "GET",
      host: "kv-sandbox.vault.azure.net",
      path: "/name",
      status: 200,
    });
    expect(JSON.stringify(cloud.requests)).not.toContain("hush");
  });
});
