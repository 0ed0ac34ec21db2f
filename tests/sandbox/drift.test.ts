import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestSandbox } from "./harness.ts";
import { deployerGraph, type GraphClient } from "./live.ts";
import { smallCompany } from "./small-company.ts";

const sandbox = new TestSandbox();
// One tool and the teams are all that is changed here.
const up = ["sandbox", "up", "--stack-file", smallCompany(sandbox.layout.root, ["superset"])];
let graph: GraphClient;

beforeAll(async () => {
  await sandbox.ok(...up);
  graph = await deployerGraph(sandbox);
});
afterAll(() => sandbox.dispose());

const byName = async (collection: string, displayName: string) =>
  (await graph("GET", `/v1.0/${collection}?$filter=displayName eq '${displayName}'`)) as {
    value: { id: string; web?: { redirectUris: string[] } }[];
  };

describe("what somebody changes by hand", () => {
  it("is found and put right by up --refresh, which says so", async () => {
    const groups = (await graph("GET", "/v1.0/groups")) as { value: { id: string; displayName: string }[] };
    const group = groups.value.find(({ displayName }) => /analysts/i.test(displayName));
    const [application] = (await byName("applications", "Superset (sandbox)")).value;
    if (!group || !application?.web) throw new Error("The sample company's group or application is missing.");
    const registered = application.web.redirectUris;
    await graph("DELETE", `/v1.0/groups/${group.id}`);
    await graph("PATCH", `/v1.0/applications/${application.id}`, {
      web: { redirectUris: [...registered, "https://evil.example/callback"] },
    });

    const output = await sandbox.ok(...up, "--refresh");
    expect(output).toMatch(/Group .*analysts.* was deleted behind the stack's back/);
    expect(output).toMatch(/Application .*superset.* was changed behind the stack's back \(.*web.*\)/);

    const restored = (await byName("groups", group.displayName)).value;
    expect(restored).toHaveLength(1);
    expect(restored[0]?.id).not.toBe(group.id);
    const [live] = (await byName("applications", "Superset (sandbox)")).value;
    expect(live?.web?.redirectUris).toEqual(registered);
    expect(await sandbox.ok(...up)).toMatch(/Nothing changed/);
  });
});
