import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { loadSettings, stackFile } from "../../cli/project.ts";
import { sandboxFetch } from "../../cli/sign-in/network.ts";
import type { ProxyLogEntry } from "../../sandbox/network/proxy.ts";
import { TestSandbox } from "./harness.ts";
import { deployerToken } from "./live.ts";

const sandbox = new TestSandbox(inject("sharedSandbox"));
const fetch = sandboxFetch(sandbox.record);
const subscription = loadSettings(stackFile("sandbox")).subscriptionId;

describe("what the sandbox does not have", () => {
  it.each([
    ["https://graph.microsoft.com/v1.0/drives"],
    ["https://graph.microsoft.com/beta/security/alerts"],
    [
      `https://management.azure.com/subscriptions/${subscription}/providers/Microsoft.Compute/virtualMachines?api-version=2024-01-01`,
    ],
  ])("answers 501 and names the route: %s", async (url) => {
    const authorization = `Bearer ${await deployerToken(sandbox, new URL(url).origin)}`;
    const response = await fetch(url, { headers: { authorization } });
    expect(response.status).toBe(501);
    const text = await response.text();
    expect(text).toContain("GET");
    expect(text).toContain(new URL(url).pathname);
  });

  it("answers 501 for a sign-in route that it does not have", async () => {
    const response = await fetch("https://login.microsoftonline.com/common/oauth2/v2.0/devicecode");
    expect(response.status).toBe(501);
    expect(await response.text()).toContain("/common/oauth2/v2.0/devicecode");
  });

  it("refuses every other host at the proxy, and logs it", async () => {
    await expect(fetch("https://apachesuperset.gateway.scarf.sh/pixel")).rejects.toThrow();
    const log = readFileSync(join(sandbox.layout.logs, "proxy.log"), "utf8");
    const entries = log
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text) as ProxyLogEntry);
    expect(entries).toContainEqual(
      expect.objectContaining({ host: "apachesuperset.gateway.scarf.sh", outcome: "refused" }),
    );
  });
});
