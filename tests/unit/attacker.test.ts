import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { fetch, ProxyAgent } from "undici";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openSigningKeys, userinfo } from "../../sandbox/emulator/entra/index.ts";
import {
  ANA,
  REDIRECT,
  TENANT,
  type TestIssuer,
  TOOL,
  testDirectory,
  testIssuer,
} from "../../sandbox/emulator/entra/testing.ts";
import { type Changes, form } from "../../sandbox/emulator/entra/testing-flow.ts";
import { type Emulator, startEmulator } from "../../sandbox/emulator/server.ts";
import { memoryStore } from "../../sandbox/emulator/store.ts";
import { openAuthority } from "../../sandbox/network/authority.ts";
import { type SandboxProxy, startProxy } from "../../sandbox/network/proxy.ts";
import { type Attacker, startAttacker } from "../browser/attacker/attacker.ts";

const ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const LOGIN = `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0`;
const NONCE = "n-1";

let folder: string;
let issuer: TestIssuer;
let emulator: Emulator;
let proxy: SandboxProxy;
let attacker: Attacker;
let dispatcher: ProxyAgent;

/** The emulator behind a proxy that leads Entra's hosts to the attacker, as the supervisor's control route does. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrada-attacker-"));
  const authority = await openAuthority(join(folder, "network"));
  const emulatorFolder = join(folder, "emulator");
  issuer = await testIssuer(() => new Date());
  emulator = await startEmulator({
    folder: emulatorFolder,
    store: memoryStore(testDirectory()),
    authority,
    hosts: (context) => ({
      "graph.microsoft.com": new Hono().get("/oidc/userinfo", userinfo(context)),
      "management.azure.com": new Hono(),
    }),
    log: () => {},
    fetchPublic: issuer.fetchPublic,
  });
  const led: Record<string, number> = {};
  proxy = await startProxy({
    routes: (host, port) =>
      led[host] === undefined ? emulator.route(host, port) : { host: "127.0.0.1", port: led[host] },
    log: () => {},
  });
  attacker = await startAttacker({ proxy: proxy.url, authority, emulatorFolder });
  Object.assign(led, attacker.routes);
  dispatcher = new ProxyAgent({ uri: proxy.url, requestTls: { ca: authority.caPem } });
});
afterAll(async () => {
  await dispatcher?.close();
  await attacker?.close();
  await proxy?.close();
  await emulator?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => attacker.attack({}));

const post = (url: string, values: Changes) =>
  fetch(url, {
    method: "POST",
    body: form(values),
    headers: { "content-type": "application/x-www-form-urlencoded" },
    redirect: "manual",
    dispatcher,
  });

async function authorize(): Promise<URL> {
  const query = form({
    client_id: TOOL,
    response_type: "code",
    redirect_uri: REDIRECT,
    scope: "openid profile email",
    state: "xyz",
    nonce: NONCE,
  });
  const answer = await post(`${LOGIN}/authorize?${query}`, { username: ANA });
  return new URL(answer.headers.get("location") ?? "missing:");
}

async function redeem(code: string) {
  const answer = await post(`${LOGIN}/token`, {
    client_id: TOOL,
    grant_type: "authorization_code",
    redirect_uri: REDIRECT,
    code,
    client_assertion_type: ASSERTION,
    client_assertion: await issuer.token(),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

async function tokens(): Promise<Record<string, string>> {
  const { status, body } = await redeem((await authorize()).searchParams.get("code") ?? "");
  expect(status).toBe(200);
  return body;
}

/** What a careful tool does with an ID token. */
async function verified(token: string | undefined) {
  const { keys } = (await (
    await fetch(`https://login.microsoftonline.com/${TENANT}/discovery/v2.0/keys`, { dispatcher })
  ).json()) as {
    keys: { kty: string; kid: string; n: string; e: string }[];
  };
  return jwtVerify(token ?? "", createLocalJWKSet({ keys }), { algorithms: ["RS256"] });
}

describe("the attacker", () => {
  it("passes everything on untouched while nothing is attacked", async () => {
    const { id_token, access_token } = await tokens();
    expect((await verified(id_token)).payload).toMatchObject({ oid: ANA, roles: ["Admin"], nonce: NONCE, aud: TOOL });
    const answer = await fetch("https://graph.microsoft.com/oidc/userinfo", {
      headers: { authorization: `Bearer ${access_token}` },
      dispatcher,
    });
    expect(await answer.json()).toMatchObject({ name: "Ana Lima" });
    expect(attacker.log.changed).toEqual([]);
    expect(attacker.log.asked.map((form) => form.get("client_id"))).toEqual([TOOL]);
  });

  it("signs other claims with Entra's own key, so that only the claims are wrong", async () => {
    attacker.attack({ idToken: { claims: (claims) => ({ ...claims, roles: ["Owner"], iss: "https://other" }) } });
    const { payload } = await verified((await tokens()).id_token);
    expect(payload).toMatchObject({ oid: ANA, roles: ["Owner"], iss: "https://other" });
    expect(attacker.log.changed).toEqual(["idToken"]);
  });

  it.each(["foreign", "kept", "none", "hmac", "embedded"] as const)(
    "makes a token that says what it wants and whose signature a careful tool refuses: %s",
    async (signature) => {
      attacker.attack({ idToken: { claims: (claims) => ({ ...claims, roles: ["Owner"] }), signature } });
      const token = (await tokens()).id_token ?? "";
      expect(decodeJwt(token)).toMatchObject({ oid: ANA, roles: ["Owner"] });
      await expect(verified(token)).rejects.toThrow();
      expect(attacker.log.changed).toEqual(["idToken"]);
    },
  );

  it("claims the id of Entra's key for its own, or carries its own", async () => {
    const { kid } = (await openSigningKeys(join(folder, "emulator"))).publicKeys[0] ?? {};
    for (const signature of ["foreign", "none", "hmac"] as const)
      expect(decodeProtectedHeader(await attacker.forger.make({ sub: "x" }, signature))).toMatchObject({ kid });
    expect(decodeProtectedHeader(await attacker.forger.make({ sub: "x" }, "embedded"))).toMatchObject({
      jwk: { kty: "RSA" },
    });
  });

  it("changes the access token, the answer around the tokens, and what the userinfo endpoint says", async () => {
    attacker.attack({
      accessToken: { claims: (claims) => ({ ...claims, extra: "yes" }) },
      tokenAnswer: (answer) => {
        answer.id_token = undefined;
        answer.userinfo = { roles: ["Owner"] };
      },
      userinfo: (claims) => ({ ...claims, roles: ["Owner"] }),
    });
    const answer = await tokens();
    expect(answer).not.toHaveProperty("id_token");
    expect(answer.userinfo).toEqual({ roles: ["Owner"] });
    expect(decodeJwt(answer.access_token ?? "")).toMatchObject({ extra: "yes" });
    const info = await fetch("https://graph.microsoft.com/oidc/userinfo", {
      headers: { authorization: `Bearer ${answer.access_token}` },
      dispatcher,
    });
    expect(await info.json()).toMatchObject({ name: "Ana Lima", roles: ["Owner"] });
    expect(attacker.log.changed).toEqual(["accessToken", "tokenAnswer", "userinfo"]);
  });

  it("changes what the browser asks, and where it is sent back to", async () => {
    attacker.attack({
      authorize: (query) => query.set("state", "other"),
      callback: (address) => address.searchParams.set("more", "1"),
    });
    const back = await authorize();
    expect(back.searchParams.get("state")).toBe("other");
    expect(back.searchParams.get("more")).toBe("1");
    expect(attacker.log.changed).toEqual(["authorize", "callback"]);
    attacker.attack({ authorize: (query) => query.set("redirect_uri", "https://evil.example/") });
    expect((await authorize()).href).toBe("missing:");
  });

  it("changes what the tool proves itself with, at people's sign-ins alone", async () => {
    const code = (await authorize()).searchParams.get("code") ?? "";
    attacker.attack({ tokenRequest: (form) => form.set("client_assertion", "not a token") });
    expect((await redeem(code)).status).toBe(401);
    expect(attacker.log).toMatchObject({ changed: ["tokenRequest"], refusals: ["AADSTS50027"] });
    attacker.attack({ tokenRequest: (form) => form.set("client_assertion", "not a token") });
    const own = await post(`${LOGIN}/token`, {
      client_id: TOOL,
      grant_type: "client_credentials",
      scope: "https://graph.microsoft.com/.default",
      client_assertion_type: ASSERTION,
      client_assertion: await issuer.token(),
    });
    expect(own.status).toBe(200);
    expect(attacker.log.changed).toEqual([]);
  });
});
