import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "../../sandbox/emulator/clients/testing.ts";
import { CHALLENGE, LEAVER, REDIRECT, TENANT, TOOL } from "../../sandbox/emulator/entra/testing.ts";
import { addPolicy, registerAll } from "../../sandbox/emulator/entra/testing-policies.ts";
import { type ProxyLogEntry, type SandboxProxy, startProxy } from "../../sandbox/network/proxy.ts";
import { startBrowser, type TestBrowser } from "./chromium.ts";
import { Person } from "./person.ts";

/** The browser and the person at the provider's pages alone; a page that says nothing stands where the tool would. */
let cloud: TestCloud;
let proxy: SandboxProxy;
let browser: TestBrowser;
const asked: ProxyLogEntry[] = [];
const { host } = new URL(REDIRECT);

beforeAll(async () => {
  const tool = new Hono().all("*", (c) => c.html("<h1>The tool</h1>"));
  cloud = await testCloud(() => ({ [host]: tool }));
  registerAll(cloud.data, ["fido2", "authenticator"]);
  proxy = await startProxy({ routes: cloud.emulator.route, log: (entry) => asked.push(entry) });
  browser = await startBrowser({ proxy: proxy.url, caFile: cloud.authority.caFile });
});
afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  await cloud?.close();
});

const authorize = `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/authorize?${new URLSearchParams({
  client_id: TOOL,
  redirect_uri: REDIRECT,
  response_type: "code",
  scope: "openid profile",
  state: "s",
  code_challenge: CHALLENGE,
  code_challenge_method: "S256",
})}`;

/** Somebody new, before the first page of the sign-in. */
async function somebody(): Promise<Person> {
  const person = await Person.in(await browser.newContext());
  await person.open(authorize);
  return person;
}

describe("a person at the provider's pages", () => {
  it("is picked once, and then passes without a page", async () => {
    const ana = await somebody();
    expect(await ana.passProvider({ name: "ana.lima@contoso.com" })).toEqual({ pages: ["pick"] });
    expect(ana.page.url()).toMatch(`${REDIRECT}?code=`);
    await ana.open(authorize);
    expect(await ana.passProvider({ name: "ana.lima@contoso.com" })).toEqual({ pages: [] });
    expect(await ana.cookieNames("https://login.microsoftonline.com")).toEqual(["ESTSAUTH"]);
  });

  it("shares nothing with the next person", async () => {
    const jon = await somebody();
    expect(await jon.cookieNames("https://login.microsoftonline.com")).toEqual([]);
  });

  it("hears why the way is barred", async () => {
    const leaver = cloud.data.users[LEAVER]?.userPrincipalName ?? "";
    const { refusal } = await (await somebody()).passProvider({ name: leaver });
    expect(refusal).toMatchObject({ code: "AADSTS50057", message: expect.stringContaining("disabled") });
  });

  it("plays where the sign-in comes from, and shows the method that is wanted", async () => {
    addPolicy(cloud.data, "mfa on risk", { controls: ["mfa"], conditions: { signInRiskLevels: ["high"] } });
    addPolicy(cloud.data, "no Linux", {
      controls: ["block"],
      conditions: { platforms: { includePlatforms: ["linux"], excludePlatforms: [] } },
    });
    const name = "jon.berg@contoso.com";
    const risky = { name, conditions: { platform: "macos", risk: "high" }, method: "authenticator" };
    expect(await (await somebody()).passProvider(risky)).toEqual({ pages: ["pick", "verify"] });
    const wrong = (await somebody()).passProvider({ ...risky, method: "sms" });
    await expect(wrong).rejects.toThrow("does not offer sms");
    const blocked = await (await somebody()).passProvider({ name });
    expect(blocked.refusal?.code).toBe("AADSTS53003");
  });
});

describe("the browser", () => {
  it("asks the proxy for nothing of its own accord", () => {
    expect([...new Set(asked.map((one) => one.host))].sort()).toEqual(["login.microsoftonline.com", host].sort());
  });
});
