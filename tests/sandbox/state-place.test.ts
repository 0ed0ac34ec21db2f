import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SUBSCRIPTION } from "../../sandbox/emulator/testing.ts";
import { type StatePlace, statePlace } from "./state-place.ts";

// The state's place as `entrada bootstrap` makes it, used by the Pulumi CLI as it is: the files of this test are one story.
const PLANTED = "planted-in-the-configuration";
let place: StatePlace;
let lines: { login: string; secretsProvider: string };

beforeAll(async () => {
  place = await statePlace("place");
  lines = await place.bootstrap();
});
afterAll(() => place.close());

/** Runs the CLI and demands that it succeeds. */
async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await place.pulumi(args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}

const asked = (method: string, path: RegExp, status: number) =>
  place.cloud.requests.filter((one) => one.method === method && path.test(one.path) && one.status === status).length;

it("takes the lines that bootstrap prints, and keeps secrets under the vault's key", async () => {
  await ok("login", lines.login);
  await ok("stack", "init", "qa", "--secrets-provider", lines.secretsProvider);
  await ok("config", "set", "--secret", "password", PLANTED);
  expect(await ok("config", "get", "password")).toBe(`${PLANTED}\n`);
  const stackFile = readFileSync(join(place.folder, "Pulumi.qa.yaml"), "utf8");
  expect(stackFile).toContain(`secretsprovider: ${lines.secretsProvider}\n`);
  expect(stackFile).toMatch(/^encryptedkey: \S+$/m);
  expect(stackFile).not.toContain(PLANTED);
});

it("lets the engine bring a stack up under a lock, with its history", async () => {
  const stack = await place.stack("qa", async () => ({ secret: new pulumi.Config().requireSecret("password") }));
  const { outputs, summary } = await stack.up();
  expect(summary.result).toBe("succeeded");
  expect(outputs.secret).toEqual({ value: PLANTED, secret: true });
  expect(asked("PUT", /%2Flocks%2F/, 201)).toBeGreaterThan(0);
  expect(asked("DELETE", /%2Flocks%2F/, 202)).toBe(asked("PUT", /%2Flocks%2F/, 201));
  expect(JSON.parse(await ok("stack", "ls", "--json"))).toMatchObject([{ name: "qa", resourceCount: 1 }]);
  expect(await ok("stack", "history", "--json")).toContain('"kind": "update"');
  expect(await ok("stack", "export")).not.toContain(PLANTED);
  expect(await ok("stack", "export", "--show-secrets")).toContain(PLANTED);
});

it("takes a state that is too large for one request, and gives it back whole", async () => {
  const file = join(place.folder, "state.json");
  await ok("stack", "export", "--file", file);
  const state = JSON.parse(readFileSync(file, "utf8"));
  const large = randomBytes(5_000_000).toString("hex");
  state.deployment.resources[0].outputs.large = large;
  writeFileSync(file, JSON.stringify(state));
  const before = asked("PUT", /qa\.json$/, 201);
  await ok("stack", "import", "--file", file);
  // Azure's library uploads two blocks, of 8 MiB at most, and then their list.
  expect(asked("PUT", /qa\.json$/, 201) - before).toBe(3);
  await ok("stack", "export", "--file", file);
  expect(JSON.parse(readFileSync(file, "utf8")).deployment.resources[0].outputs.large === large).toBe(true);
  expect(await ok("cancel", "--yes", "qa")).toContain("has been canceled");
});

it("refuses a program without the roles, which signs in by a federated token, until bootstrap gives them", async () => {
  const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-entrada-state-qa`;
  const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-deploy`;
  const subject = "system:serviceaccount:ci:deploy";
  const made = await place.send("PUT", `${identity}?api-version=2023-01-31`, { location: "westeurope" });
  const trusted = await place.send("PUT", `${identity}/federatedIdentityCredentials/deploy?api-version=2023-01-31`, {
    properties: { issuer: place.cloud.issuer, subject, audiences: ["api://AzureADTokenExchange"] },
  });
  expect([made, trusted]).toMatchObject([{ status: 201 }, { status: 201 }]);
  const { clientId, principalId } = made.body.properties as Record<string, string>;
  const signIn = {
    AZURE_CLIENT_ID: clientId ?? "",
    AZURE_FEDERATED_TOKEN_FILE: await place.cloud.tokenFile(subject),
  };
  const refused = await place.pulumi(["stack", "ls"], signIn);
  expect(refused).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("RESPONSE 403: 403 Forbidden"),
  });
  expect(refused.stderr).toContain("ERROR CODE: AuthorizationPermissionMismatch");

  await place.bootstrap({ objectId: principalId ?? "", type: "ServicePrincipal" });
  const read = await place.pulumi(["config", "get", "password"], signIn);
  expect(read).toMatchObject({ code: 0, stdout: `${PLANTED}\n` });
});

it("forgets a stack that is removed", async () => {
  await ok("stack", "rm", "--yes", "--force", "qa");
  expect(JSON.parse(await ok("stack", "ls", "--json"))).toEqual([]);
  expect(place.cloud.requests.filter(({ status }) => status === 501)).toEqual([]);
});
