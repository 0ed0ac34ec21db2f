import * as runtime from "@pulumi/pulumi/runtime/index.js";
import { beforeAll, describe, expect, it } from "vitest";
import { type Directory, undeclared } from "../../ci/undeclared.ts";
import { readConfig, stackFile } from "../../cli/project.ts";
import { type Run, runProgram } from "../../components/testing/mocks.ts";
import identitiesProgram from "../../infra/identities/index.ts";
import program from "../../infra/index.ts";
import { workflowIdentity } from "../../model/workflow-identities/index.ts";
import type { Caller } from "../../sandbox/emulator/context.ts";
import { firstPartyPrincipals, GRAPH } from "../../sandbox/emulator/first-party.ts";
import { SUBSCRIPTION, TENANT } from "../../sandbox/emulator/testing.ts";
import type { PropertyMap } from "../../sandbox/providers/protocol/types.ts";
import { type SignedIn, type TestCloud, testCloud } from "../../sandbox/providers/testing.ts";
import { type Played, play, providerOf } from "./play-program.ts";

/**
 * The stack of an environment and the identities of its workflows, both made by their own programs, in an emulator that
 * refuses whatever has not been granted.
 */
interface Environment {
  readonly cloud: TestCloud;
  readonly identities: Readonly<Record<"preview" | "deploy", Caller>>;
  readonly deployed: readonly Played[];
  readonly deploying: SignedIn;
}

const GRAPH_PERMISSIONS = new Map(
  firstPartyPrincipals((id) => id).flatMap(({ firstParty }) =>
    (firstParty?.appRoles ?? []).map(({ id, value }) => [id, value ?? ""] as const),
  ),
);

/** Stands in the settings for the deploying identity, until there is one. */
const DEPLOYER = "7a1c2f60-5d4b-4e0a-9b7e-2c8d1f3a6e95";

let stack: Run;
let identitiesRun: Run;
let environment: Environment;

beforeAll(async () => {
  // Without a platform: what an environment shares with others stands where the emulator has nothing.
  const { "entrada:platform": _shared, ...config } = readConfig(stackFile("dev"));
  runtime.setAllConfig({
    ...config,
    "entrada:subscriptionId": SUBSCRIPTION,
    "entrada:tenantId": TENANT,
    "entrada:deployer": DEPLOYER,
  });
  stack = await runProgram(program);
  const storage = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-state/providers/Microsoft.Storage/storageAccounts/st`;
  runtime.setAllConfig({
    "entrada:environment": "dev",
    "entrada:tenantId": TENANT,
    "entrada:subscriptionId": SUBSCRIPTION,
    "entrada:location": "westeurope",
    "entrada:resourceGroup": "rg-entrada-identities-dev",
    "entrada:repository": JSON.stringify({ owner: "contoso", ownerId: 11, name: "data-tools", id: 22 }),
    "entrada:stateContainer": `${storage}/blobServices/default/containers/state`,
    "entrada:stateKey": `${storage}/keys/pulumi`,
  });
  identitiesRun = await runProgram(identitiesProgram);
  environment = await bringUp();
}, 120_000);

/** Makes the identities as an administrator does, and then the stack as the deploying identity, or as a part of it. */
async function bringUp(without?: string): Promise<Environment> {
  const cloud = testCloud();
  const known = await knownPeople(cloud);
  const administrator = cloud.as(cloud.world.deployer);
  // Left out, as the emulator has none of them: the state's storage and key, and roles of one's own.
  const here = identitiesRun.resources.filter(
    ({ type, inputs }) =>
      !String(inputs.scope ?? "").includes("/rg-state/") &&
      !type.endsWith(":RoleDefinition") &&
      !String(inputs.roleDefinitionId ?? "").startsWith("/id/"),
  );
  await play({ ...identitiesRun, resources: here }, administrator, known);
  const identities = {
    preview: callerOf(cloud, known.get("principal-of-preview"), without),
    deploy: callerOf(cloud, known.get("principal-of-deploy"), without),
  };
  known.set(DEPLOYER, identities.deploy.objectId);
  const deploying = cloud.as(identities.deploy);
  await lookUp(deploying);
  const deployed = await play(stack, deploying, known);
  return { cloud, identities, deployed, deploying };
}

/** The people whom the stack names, by the ids that mocks make up for them. */
async function knownPeople(cloud: TestCloud): Promise<Map<string, string>> {
  const names = stack.calls
    .filter(({ token }) => token === "azuread:index/getUsers:getUsers")
    .flatMap(({ inputs }) => inputs.userPrincipalNames as string[]);
  const known = new Map<string, string>();
  const { data } = cloud.world.context.store;
  for (const name of new Set(names)) {
    const there = Object.values(data.users).find(({ userPrincipalName }) => userPrincipalName === name);
    const model = there ?? Object.values(data.users)[0];
    if (model === undefined) throw new Error("The seed has no people.");
    const id = there?.id ?? crypto.randomUUID();
    if (there === undefined) data.users[id] = { ...model, id, userPrincipalName: name, displayName: name };
    known.set(`person-${name}`, id);
  }
  const principals = Object.values(data.servicePrincipals);
  known.set(`principal-of-${GRAPH}`, principals.find(({ appId }) => appId === GRAPH)?.id ?? "");
  return known;
}

/** The identity as its token has it: with those of Graph's permissions that it was given in the directory. */
function callerOf({ world }: TestCloud, objectId = "", without?: string): Caller {
  const { servicePrincipals, appRoleAssignments } = world.context.store.data;
  const roles = Object.values(appRoleAssignments)
    .filter(({ principalId }) => principalId === objectId)
    .flatMap(({ appRoleId }) => GRAPH_PERMISSIONS.get(appRoleId) ?? [])
    .filter((role) => role !== without);
  return { objectId, clientId: servicePrincipals[objectId]?.appId ?? "", roles, scopes: [] };
}

/** What a preview with `--refresh` asks providers to do: read all that is in the state, and look up what the program asks. */
async function preview({ deployed }: Environment, identity: SignedIn): Promise<string[]> {
  const changes: string[] = [];
  for (const { ref, name, id, inputs, outputs } of deployed) {
    const provider = providerOf(identity, ref.type);
    const live = await provider?.read(ref, id, { inputs, outputs });
    if (live === undefined) changes.push(`${name} is gone`);
    else if (provider !== undefined) {
      const { changes: found } = await provider.diff(ref, id, live, inputs);
      changes.push(...Object.keys(found).map((path) => `${name} ${path}`));
    }
  }
  await lookUp(identity);
  return changes;
}

/** What the program asks Entra, in a preview as in a deployment. */
async function lookUp(identity: SignedIn): Promise<void> {
  for (const { token, inputs } of stack.calls) {
    if (token.startsWith("azuread:")) await identity.azuread.invoke(token, inputs as PropertyMap);
  }
}

const mutating = ({ method }: { method: string }) => method !== "GET" && method !== "HEAD";

describe("the previewing identity", () => {
  it("can refresh and preview the whole stack, and finds it as it was deployed", async () => {
    const identity = environment.cloud.as(environment.identities.preview);
    expect(await preview(environment, identity)).toEqual([]);
    expect(identity.sent.length).toBeGreaterThan(40);
    expect(identity.sent.filter(({ status }) => status >= 400)).toEqual([]);
  });

  it("only reads for that", async () => {
    const identity = environment.cloud.as(environment.identities.preview);
    await preview(environment, identity);
    expect(identity.sent.filter(mutating)).toEqual([]);
  });

  it("is refused every single request with which the stack was deployed", async () => {
    const identity = environment.cloud.as(environment.identities.preview);
    const writes = environment.deploying.sent.filter(mutating);
    expect(writes.length).toBeGreaterThan(30);
    const before = JSON.stringify(environment.cloud.world.context.store.data);
    for (const write of writes) expect(await identity.send(write)).toMatchObject({ method: write.method, status: 403 });
    expect(JSON.stringify(environment.cloud.world.context.store.data)).toBe(before);
  });

  it("is refused the deletion of every single resource", async () => {
    const identity = environment.cloud.as(environment.identities.preview);
    const before = JSON.stringify(environment.cloud.world.context.store.data);
    for (const { ref, id, outputs } of environment.deployed) {
      const deletion = providerOf(identity, ref.type)?.delete(ref, id, outputs, { timeoutSeconds: 1 });
      await expect(deletion, ref.urn).rejects.toThrow(/403/);
    }
    expect(JSON.stringify(environment.cloud.world.context.store.data)).toBe(before);
  });

  it.each(workflowIdentity("preview").graph.map(({ name }) => name))("cannot do without %s", async (permission) => {
    const { preview: whole } = environment.identities;
    const roles = whole.roles.filter((role) => role !== permission);
    expect(roles).toHaveLength(whole.roles.length - 1);
    const identity = environment.cloud.as({ ...whole, roles });
    await expect(preview(environment, identity)).rejects.toThrow(/403/);
  });

  it("cannot do without Azure's Reader either, and needs no other role of the subscription", async () => {
    const stranger = { ...environment.identities.preview, objectId: crypto.randomUUID() };
    await expect(preview(environment, environment.cloud.as(stranger))).rejects.toThrow(/403/);
    const { data } = environment.cloud.world.context.store;
    const own = Object.values(data.armResources).filter(
      ({ properties }) =>
        properties.principalId === environment.identities.preview.objectId && "roleDefinitionId" in properties,
    );
    expect(own.map(({ properties }) => String(properties.roleDefinitionId).split("/").at(-1))).toEqual([
      "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    ]);
  });
});

describe("what nothing declares", () => {
  const directoryOf = (identity: SignedIn): Directory => {
    const get = async (path: string) => {
      const url = `https://graph.microsoft.com/v1.0${path}`;
      const { status, answer } = await identity.send({ method: "GET", url, body: undefined });
      if (status !== 200) throw new Error(`${status} ${path}`);
      return JSON.parse(answer) as Record<string, unknown>;
    };
    return { object: get, list: async (path) => (await get(path)).value as Record<string, unknown>[] };
  };
  const stateOf = ({ deployed }: Environment) =>
    deployed.map(({ ref, id, outputs }) => ({ type: ref.type, id, outputs }));

  it("is nothing after a deployment, and the reading identity may look", async () => {
    const reader = environment.cloud.as(environment.identities.preview);
    expect(await undeclared(stateOf(environment), directoryOf(reader))).toEqual([]);
    expect(reader.sent.length).toBeGreaterThan(3);
  });

  it("is found: a secret, a trusted subject, a role and a policy that somebody made by hand", async () => {
    const changed = await bringUp();
    const { cloud, identities, deploying } = changed;
    const { applications, appRoleAssignments } = cloud.world.context.store.data;
    const application = Object.values(applications).find(({ owners }) => owners.includes(identities.deploy.objectId));
    const role = Object.values(appRoleAssignments).find(({ principalType }) => principalType === "Group");
    const graph = "https://graph.microsoft.com/v1.0";
    const path = `${graph}/applications/${application?.id}`;
    const subject = { issuer: "https://evil.example", subject: "any", audiences: ["api://AzureADTokenExchange"] };
    const assigned = {
      appRoleId: role?.appRoleId,
      resourceId: role?.resourceId,
      principalId: cloud.world.person("jon.berg"),
    };
    const policy = deploying.sent.find(
      ({ method, url }) => method === "POST" && url.endsWith("/conditionalAccess/policies"),
    );
    for (const [url, body] of [
      [`${path}/addPassword`, JSON.stringify({ passwordCredential: { displayName: "by hand" } })],
      [`${path}/federatedIdentityCredentials`, JSON.stringify({ name: "back-door", ...subject })],
      [`${graph}/servicePrincipals/${role?.resourceId}/appRoleAssignedTo`, JSON.stringify(assigned)],
      [policy?.url ?? "", policy?.body],
    ] as const) {
      const { status } = await deploying.send({ method: "POST", url, body });
      expect(status, url).toBeLessThan(300);
    }
    const found = await undeclared(stateOf(changed), directoryOf(cloud.as(identities.preview)));
    expect(found).toEqual([
      'Superset (dev): the secret "by hand"',
      'Superset (dev): the federated credential "back-door"',
      "Superset (dev): a role for the user Jon Berg",
      expect.stringMatching(/^Conditional Access: the policy ".+" \(enabled\)$/),
    ]);
    const name = /"(.+)"/.exec(found.at(-1) ?? "")?.[1] ?? "";
    const elsewhere = await undeclared(stateOf(changed), directoryOf(cloud.as(identities.preview)), new Set([name]));
    expect(elsewhere).toEqual(found.slice(0, 3));
  });
});

describe("the deploying identity", () => {
  it("deployed the whole stack without a refusal", () => {
    expect(environment.deployed.length).toBeGreaterThan(30);
    expect(environment.deploying.sent.filter(({ status }) => status === 403 || status === 501)).toEqual([]);
  });

  it("owns what it registered, whoever previews", () => {
    const { applications } = environment.cloud.world.context.store.data;
    const owned = Object.values(applications).filter(({ owners }) =>
      owners.includes(environment.identities.deploy.objectId),
    );
    expect(owned).toHaveLength(1);
  });

  // Graph takes either of the two readings beside Policy.ReadWrite.ConditionalAccess in the emulator; Microsoft asks for both.
  const EITHER = ["Application.Read.All", "Policy.Read.All"];
  it.each(
    workflowIdentity("deploy")
      .graph.map(({ name }) => name)
      .filter((name) => !EITHER.includes(name)),
  )("cannot do without %s", async (permission) => {
    await expect(bringUp(permission)).rejects.toThrow(/403/);
  });

  it("can remove all that it deployed", async () => {
    const { cloud, deployed, identities } = await bringUp();
    const identity = cloud.as(identities.deploy);
    for (const { ref, id, outputs } of deployed.toReversed()) {
      await providerOf(identity, ref.type)?.delete(ref, id, outputs, { timeoutSeconds: 5 });
    }
    expect(identity.sent.filter(({ status }) => status === 403)).toEqual([]);
  });
});
