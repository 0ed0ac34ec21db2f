import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type BootstrapOptions, bootstrap } from "../commands/bootstrap.ts";
import { Refusal, WrongUse } from "../output.ts";
import { stackFile } from "../project.ts";
import { callerOf } from "./arm.ts";
import { differing } from "./state.ts";
import { azureInProcess } from "./testing.ts";
import { stateNames } from "./wanted.ts";

let root: string;
let azure: ReturnType<typeof azureInProcess>;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "entrada-bootstrap-"));
  mkdirSync(join(root, "stacks"));
  azure = azureInProcess(root);
});
afterEach(() => rmSync(root, { recursive: true }));

/** Runs the command; gives what it printed and how it ended. */
async function run(options: BootstrapOptions = {}, environment = "qa"): Promise<{ text: string; error?: Error }> {
  const printed: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  try {
    await bootstrap(environment, { subscription: azure.subscription, location: "westeurope", ...options }, azure.place);
    return { text: printed.join("") };
  } catch (error) {
    return { text: printed.join(""), error: error as Error };
  } finally {
    spy.mockRestore();
  }
}

const names = () => stateNames({ environment: "qa", subscriptionId: azure.subscription });
const group = () => `/subscriptions/${azure.subscription}/resourceGroups/${names().group}`;
const account = () => `${group()}/providers/Microsoft.Storage/storageAccounts/${names().account}`;
const vault = () => `${group()}/providers/Microsoft.KeyVault/vaults/${names().vault}`;
const read = async (id: string, version: string) => (await azure.world.arm("GET", `${id}?api-version=${version}`)).body;

describe("entrada bootstrap", () => {
  it("makes the state once, and changes nothing the second time", async () => {
    const first = await run();
    expect(first.error).toBeUndefined();
    expect(first.text).toContain("Done: 8 made or changed.");
    expect(azure.writes()).toHaveLength(8);
    const second = await run();
    expect(second.error).toBeUndefined();
    expect(second.text).toContain("Everything is there; nothing was changed.");
    expect(azure.writes()).toHaveLength(8);
    expect(second.text.split("Next, ")[1]).toBe(first.text.split("Next, ")[1]);
  });

  it("prints what Pulumi needs, with the key's version", async () => {
    const { text } = await run();
    const key = (await read(`${vault()}/keys/pulumi`, "2024-11-01")).properties.keyUriWithVersion as string;
    expect(text).toContain(`  pulumi login 'azblob://pulumi?storage_account=${names().account}'\n`);
    expect(text).toContain(`--secrets-provider '${key.replace("https:", "azurekeyvault:")}'\n`);
    expect(key).toMatch(/\/keys\/pulumi\/[0-9a-f]{32}$/);
  });

  it("keeps the account for Entra's tokens alone, keeps versions, and a vault that nobody can purge", async () => {
    await run();
    expect(await read(account(), "2024-01-01")).toMatchObject({
      kind: "StorageV2",
      sku: { name: "Standard_ZRS" },
      properties: {
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        minimumTlsVersion: "TLS1_2",
        supportsHttpsTrafficOnly: true,
      },
    });
    const days = { enabled: true, days: 30 };
    expect((await read(`${account()}/blobServices/default`, "2024-01-01")).properties).toEqual({
      isVersioningEnabled: true,
      deleteRetentionPolicy: days,
      containerDeleteRetentionPolicy: days,
    });
    expect((await read(vault(), "2024-11-01")).properties).toMatchObject({
      enableRbacAuthorization: true,
      enablePurgeProtection: true,
      softDeleteRetentionInDays: 90,
    });
  });

  it("lets whoever deploys write the container and use the key, and nothing else", async () => {
    const other = azure.world.person("jon.berg");
    // The deployer's list holds programs: whoever is a person is told apart by Azure.
    const { error } = await run({ deployer: [other] });
    expect(error?.message).toContain("UnmatchedPrincipalType");
    await run({ deployer: [azure.world.deployer.objectId] });
    const { value } = await read(`${group()}/providers/Microsoft.Authorization/roleAssignments`, "2022-04-01");
    const mine = (value as { properties: Record<string, string> }[])
      .map(({ properties }) => properties)
      .filter(
        ({ principalId, scope }) => principalId === azure.world.deployer.objectId && scope?.includes("/providers/"),
      );
    expect(mine.map(({ scope, roleDefinitionId }) => [scope, roleDefinitionId?.split("/").at(-1)])).toEqual([
      [`${account()}/blobServices/default/containers/pulumi`, "ba92f5b4-2d11-453d-a403-e96b0029c9fe"],
      [`${vault()}/keys/pulumi`, "12338af0-0e69-4776-bea7-57ae8d297424"],
    ]);
  });

  it("changes nothing with --dry-run, and knows no key yet", async () => {
    const { text } = await run({ dryRun: true });
    expect(text).toContain("+ resource group rg-entrada-state-qa\n");
    expect(text).toContain("Nothing was changed: --dry-run. 8 of 11 are to do.");
    expect(text).not.toContain("pulumi login");
    expect(azure.writes()).toEqual([]);
  });

  it("puts right what somebody changed, after saying what", async () => {
    await run();
    await azure.world.arm("PUT", `${account()}/blobServices/default?api-version=2024-01-01`, {
      properties: { isVersioningEnabled: false, deleteRetentionPolicy: { enabled: true, days: 7 } },
    });
    const { text } = await run();
    expect(text).toContain("~ versions of every blob");
    expect(text).toContain("    properties.isVersioningEnabled: false becomes true\n");
    expect(text).toContain("    properties.deleteRetentionPolicy.days: 7 becomes 30\n");
    expect(text).toContain("Done: 1 made or changed.");
    expect((await run()).text).toContain("nothing was changed");
  });

  it("takes a role that somebody gave by hand, at the key or above it", async () => {
    await run();
    const { value } = await read(
      `${vault()}/keys/pulumi/providers/Microsoft.Authorization/roleAssignments`,
      "2022-04-01",
    );
    const own = (value as { id: string }[]).find(({ id }) => id.includes("/keys/pulumi/"));
    await azure.world.arm("DELETE", `${own?.id}?api-version=2022-04-01`);
    await azure.world.assign(azure.world.deployer.objectId, "12338af0-0e69-4776-bea7-57ae8d297424", vault());
    expect((await run()).text).toContain("nothing was changed");
  });

  it("goes on where it stopped", async () => {
    await azure.world.arm("PUT", `${group()}?api-version=2024-03-01`, { location: "westeurope" });
    const { text } = await run();
    expect(text).toContain("= resource group rg-entrada-state-qa, there already\n");
    expect(text).toContain("Done: 7 made or changed.");
  });

  it("answers scripts with JSON", async () => {
    await run();
    const answer = JSON.parse((await run({ json: true })).text);
    expect(answer).toMatchObject({ environment: "qa", changed: 0, due: 0 });
    expect(answer.resources).toHaveLength(11);
    expect(answer.login).toMatch(/^azblob:/);
    expect(answer.secretsProvider).toMatch(/^azurekeyvault:\/\//);
  });
});

describe("entrada bootstrap refuses", () => {
  it("everything that is wrong with what was asked, at once", async () => {
    const { error } = await run({ subscription: "mine", location: "West Europe", deployer: ["robot"] }, "QA!");
    expect(error).toBeInstanceOf(WrongUse);
    for (const part of ["the environment: found", "--subscription: found", "--location: found", "--deployer: found"]) {
      expect(error?.message).toContain(part);
    }
    expect(azure.writes()).toEqual([]);
  });

  it("another subscription than the stack file's, and a stack file of another tenant", async () => {
    copyFileSync(stackFile("dev"), join(root, "stacks", "Pulumi.dev.yaml"));
    expect((await run({}, "dev")).error?.message).toContain(
      "stacks/Pulumi.dev.yaml says 6b0d2e9f-41c7-4f3a-b1d8-93a5e0c7f164",
    );
    // The stack file's own subscription is none that this person sees.
    const { error } = await run({ subscription: undefined, location: undefined }, "dev");
    expect(error).toBeInstanceOf(Refusal);
    expect(error?.message).toContain("Azure shows you no subscription 6b0d2e9f");
  });

  it("with Azure's own words and the fix, for somebody without rights", async () => {
    await azure.world.assign(
      azure.world.person("ana.lima"),
      "acdd72a7-3385-48ef-bd42-f606fba81ae7",
      `/subscriptions/${azure.subscription}`,
    );
    azure.actAs("ana.lima");
    const { error } = await run();
    expect(error).toBeInstanceOf(Refusal);
    expect(error?.message).toContain("AuthorizationFailed");
    expect(error?.message).toContain("Let somebody run it who is Owner of the subscription");
  });

  it("a name of the account that another group has", async () => {
    await azure.world.arm(
      "PUT",
      `/subscriptions/${azure.subscription}/resourceGroups/rg-other?api-version=2024-03-01`,
      { location: "westeurope" },
    );
    await run();
    const other = account().replace(names().group, "rg-other");
    const { body } = await azure.world.arm("GET", `${account()}?api-version=2024-01-01`);
    const { primaryEndpoints, provisioningState, ...properties } = body.properties;
    const answer = await azure.world.arm("PUT", `${other}?api-version=2024-01-01`, {
      location: "westeurope",
      kind: "StorageV2",
      sku: body.sku,
      properties,
    });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: "StorageAccountAlreadyTaken" } } });
  });
});

describe("names of a state", () => {
  it.each(["qa", "prod", "a1", "abcdefghijklmnop", "dev-west-europe", "a-b-c-d-e-f-g-h1"])(
    "for %s are what Azure takes, and stay",
    (environment) => {
      const made = stateNames({ environment, subscriptionId: "6B0D2E9F-41c7-4f3a-b1d8-93a5e0c7f164" });
      expect(made.account).toMatch(/^[a-z0-9]{3,24}$/);
      expect(made.vault).toMatch(/^(?=.{3,24}$)[a-z](-?[a-z0-9])*$/);
      expect(stateNames({ environment, subscriptionId: "6b0d2e9f-41c7-4f3a-b1d8-93a5e0c7f164" })).toEqual(made);
    },
  );

  it("differ between environments and subscriptions", () => {
    const of = (environment: string, subscriptionId: string) =>
      stateNames({ environment, subscriptionId }).account.slice(-8);
    expect(new Set([of("dev", "a"), of("dev", "b"), of("qa", "a"), of("qa", "b")]).size).toBe(4);
  });
});

describe("what is read", () => {
  it("tells settings apart, but no case nor the spaces of a region", () => {
    expect(
      differing(
        { location: "westeurope", properties: { a: { b: 1 } } },
        { location: "West Europe", properties: { a: { b: 1, c: 2 } } },
      ),
    ).toEqual([]);
    expect(differing({ properties: { a: true } }, { properties: {} })).toEqual(["properties.a: null becomes true"]);
  });

  it.each([
    [{ oid: "1", idtyp: "app" }, "ServicePrincipal"],
    [{ oid: "1", idtyp: "user" }, "User"],
    [{ oid: "1", upn: "ana.lima@contoso.com" }, "User"],
    [{ oid: "1", appid: "x" }, "ServicePrincipal"],
  ])("sees in a token who it is for: %j", (claims, type) => {
    const token = `x.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.y`;
    expect(callerOf(token)).toEqual({ objectId: "1", type });
  });
});
