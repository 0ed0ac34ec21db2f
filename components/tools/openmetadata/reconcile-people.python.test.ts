import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ApiState, type ApiUser, startApi } from "./tests/api-server.ts";
import { type GraphPerson, SERVICE_PRINCIPAL, startGraph } from "./tests/graph-server.ts";
import { runJob, settledState, TENANT, type TestKey, testKey, toldFiles, user } from "./tests/jobs.ts";

const files = toldFiles();
const closing: (() => Promise<unknown>)[] = [];
let key: TestKey;

beforeAll(() => {
  key = testKey();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const role = (name: string) => ({ id: `id-of-${name}`, type: "role", name }) as const;

/** An account in OpenMetadata. */
function account(name: string, roles: readonly string[], marks: Partial<ApiUser> = {}): ApiUser {
  return { ...user(name, "contoso.com"), roles: roles.map(role), ...marks };
}

/** Runs the job with these accounts against this directory. */
async function reconcile(
  accounts: readonly ApiUser[],
  people: readonly GraphPerson[],
  change: (state: ApiState) => void = () => undefined,
) {
  const state = settledState(key, files);
  state.users.push(...accounts);
  change(state);
  const [api, graph] = [await startApi(state), await startGraph(people)];
  const folder = await mkdtemp(join(tmpdir(), "entrada-reconcile-"));
  closing.push(api.close, graph.close, () => rm(folder, { recursive: true }));
  await writeFile(join(folder, "token"), "service-account-token");
  const ended = await runJob("reconcile_people.py", api.url, key, files, {
    GRAPH_URL: graph.url,
    AZURE_AUTHORITY_HOST: graph.url,
    AZURE_TENANT_ID: TENANT,
    AZURE_CLIENT_ID: "reconciler",
    AZURE_FEDERATED_TOKEN_FILE: join(folder, "token"),
    ENTRA_SERVICE_PRINCIPAL_ID: SERVICE_PRINCIPAL,
  });
  const left = state.users.slice(2).map(({ name, isAdmin, deleted, roles }) => ({
    name,
    isAdmin,
    deleted: deleted ?? false,
    roles: roles?.map((held) => held.name) ?? [],
  }));
  return { ...ended, left, writes: api.calls.map(({ request }) => request).filter((call) => !call.startsWith("GET ")) };
}

const stays = { isAdmin: false, deleted: false };
const ana: GraphPerson = { name: "ana.lima", roles: ["DataConsumer"] };

describe("reconcile_people.py", () => {
  it("changes nothing where everything is as Entra says", async () => {
    const { code, stdout, writes } = await reconcile([account("ana.lima", ["DataConsumer"])], [ana]);
    expect([code, stdout, writes]).toEqual([0, "nothing to change\n", []]);
  });

  it("deletes softly who has no role any more and who is disabled, and no bot and not the operator", async () => {
    const accounts = [account("ana.lima", ["DataConsumer"]), account("left", ["DataConsumer"]), account("off", [])];
    const disabled = { name: "off", roles: ["DataSteward"], enabled: false };
    const { code, left, writes } = await reconcile(accounts, [ana, disabled]);
    expect(code).toBe(0);
    expect(left.map(({ name, deleted }) => [name, deleted])).toEqual([
      ["ana.lima", false],
      ["left", true],
      ["off", true],
    ]);
    expect(writes).toEqual([
      "DELETE /api/v1/users/id-of-left-at-contoso.com?hardDelete=false",
      "DELETE /api/v1/users/id-of-off-at-contoso.com?hardDelete=false",
    ]);
  });

  it("takes the administration from who lost the role, and leaves giving it to the next sign-in", async () => {
    const accounts = [
      account("ana.lima", ["DataConsumer"], { isAdmin: true }),
      account("bo", [], { isAdmin: true }),
      account("cy", []),
    ];
    const people = [ana, { name: "bo", roles: ["Admin"] }, { name: "cy", roles: ["Admin"] }];
    const { stdout, left } = await reconcile(accounts, people);
    expect(left.map(({ name, isAdmin }) => [name, isAdmin])).toEqual([
      ["ana.lima", false],
      ["bo", true],
      ["cy", false],
    ]);
    expect(stdout).toBe("ana.lima@contoso.com: no administrator any more\n");
  });

  it("gives exactly the roles that somebody holds, of those that OpenMetadata has", async () => {
    const people = [{ name: "ana.lima", roles: ["DataSteward", "DataQualityEngineer", "Admin"] }];
    const { left, stdout } = await reconcile([account("ana.lima", ["DataConsumer"])], people, (state) => {
      state.roles = ["DataSteward", "DataConsumer"];
    });
    expect(left).toEqual([{ name: "ana.lima", ...stays, roles: ["DataSteward"] }]);
    expect(stdout).toBe("ana.lima@contoso.com: roles DataSteward\n");
  });

  it("restores somebody who is back, without what the person no longer holds", async () => {
    const before = account("ana.lima", ["DataSteward"], { isAdmin: true, deleted: true });
    const { left } = await reconcile([before, account("bo", [])], [ana, { name: "bo", roles: [] }, admin("bo")]);
    expect(left[0]).toEqual({ name: "ana.lima", ...stays, roles: ["DataConsumer"] });
  });

  it("leaves people alone who have never signed in, and accounts that are deleted already", async () => {
    const { writes } = await reconcile([account("gone", [], { deleted: true })], [ana]);
    expect(writes).toEqual([]);
  });

  it("changes nothing when too many would lose something at once", async () => {
    const accounts = ["a", "b", "c", "d", "e"].map((name) => account(name, ["DataConsumer"]));
    const { code, stderr, writes } = await reconcile(accounts, [{ name: "a", roles: ["DataConsumer"] }]);
    expect([code, writes]).toEqual([1, []]);
    expect(stderr).toMatch(
      /^MassRemoval: 4 of 5 people would lose access, more than 25 percent: nothing was changed\./,
    );
    expect(stderr).toContain("tools.openmetadata.reconcile.removalLimit");
  });

  it("fails with the reason when the server does not take the operator", async () => {
    const { code, stderr, writes } = await reconcile([account("ana.lima", [])], [ana], (state) => {
      state.users = state.users.filter(({ name }) => name !== "entrada-operator");
    });
    expect([code, writes]).toEqual([1, []]);
    expect(stderr).toMatch(/^Refused: GET .* was answered 404: /);
  });
});

function admin(name: string): GraphPerson {
  return { name, roles: ["Admin"] };
}
