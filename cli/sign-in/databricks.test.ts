import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databricksContract } from "../../components/tools/databricks/contract.ts";
import { databricksSettingsOf } from "../../components/tools/databricks/tests/fixtures.ts";
import { type SeededCloud, seededCloud } from "../../sandbox/emulator/clients/seeded-cloud.ts";
import type { DatabricksWorkspace } from "../../sandbox/emulator/databricks/data.ts";
import { newWorkspace, principalOf } from "../../sandbox/emulator/databricks/life.ts";
import { addPolicy } from "../../sandbox/emulator/entra/testing-policies.ts";
import { DATABRICKS } from "../../sandbox/emulator/first-party.ts";
import { blankGroup } from "../../sandbox/emulator/graph/groups/blank.ts";
import { TENANT } from "../../sandbox/emulator/testing.ts";
import type { Attempt } from "./code-flow.ts";
import { databricksRefusal, databricksSignIn } from "./databricks.ts";
import { programToken } from "./entra-token.ts";
import { sandboxFetch } from "./network.ts";
import { loggedSignIn } from "./sign-in-log.ts";

let cloud: SeededCloud;
let workspace: DatabricksWorkspace;
const GROUP_ROLES = { Administrators: ["admin"], Analysts: ["analyst"] };

/** A group of Entra with its assignment and entitlements in the workspace. */
function assign(
  name: string,
  index: number,
  members: readonly string[],
  permission: "ADMIN" | "USER",
  rights: string[],
) {
  const { data } = cloud.store;
  const id = `00000000-0000-4000-8000-00000000000${index}`;
  const people = members.map((key) => Object.values(data.users).find(({ seededAs }) => seededAs === key)?.id ?? key);
  data.groups[id] = blankGroup({
    id,
    displayName: name,
    mailNickname: name,
    securityEnabled: true,
    createdDateTime: "2026-01-01T00:00:00Z",
    members: people,
  });
  if (data.databricks === undefined) throw new Error("The seed made no Databricks account.");
  const { id: number } = principalOf(data.databricks, { kind: "group", displayName: name, externalId: id });
  workspace.assignments[number] = permission;
  workspace.entitlements[number] = rights;
  return id;
}

beforeAll(async () => {
  cloud = await seededCloud();
  workspace = newWorkspace("/subscriptions/x/resourceGroups/rg/providers/Microsoft.Databricks/workspaces/dbw", "dbw");
  workspace.entitlements[workspace.groups.users] = [];
  const { databricks } = cloud.store.data;
  if (databricks !== undefined) databricks.workspaces[workspace.id] = workspace;
  assign("Administrators", 1, ["ana.lima"], "ADMIN", []);
  const interns = assign("Interns", 2, ["mia.chen"], "USER", []);
  assign("Analysts", 3, ["ana.lima", "jon.berg", interns], "USER", ["databricks-sql-access"]);
});
afterAll(() => cloud.close());

const signIn = (person: string, attempt: Attempt = {}) =>
  databricksSignIn(sandboxFetch({ proxy: cloud.proxy.url, caFile: cloud.authority.caFile }), {
    tenantId: TENANT,
    url: `https://${workspace.host}`,
    person,
    roles: databricksContract.roles(databricksSettingsOf()),
    groupRoles: GROUP_ROLES,
    attempt,
  });

describe("a sign-in to Databricks", () => {
  it("gives the roles of all groups, and the rights as the workspace says them", async () => {
    const { claims, roles, toolRoles } = await signIn("ana.lima@contoso.com");
    expect(claims).toMatchObject({ name: "Ana Lima", tid: TENANT, aud: "04b07795-8ddb-461a-bbee-02f9e1bf7b46" });
    expect(roles).toEqual(["admin", "analyst"]);
    expect(toolRoles[0]).toBe("ADMIN");
    expect(await signIn("jon.berg@contoso.com")).toMatchObject({
      roles: ["analyst"],
      toolRoles: ["USER", "databricks-sql-access"],
    });
  });

  it("reaches members of nested groups", async () => {
    expect((await signIn("mia.chen@contoso.com")).roles).toEqual(["analyst"]);
  });

  it("is refused in Databricks' words for who is in no group, in Entra's for who does not exist", async () => {
    await expect(signIn("tom.reis@contoso.com")).rejects.toMatchObject({
      code: "403",
      message: expect.stringContaining(`Unauthorized access to Org: ${workspace.id}`),
      fix: expect.stringContaining("tools.databricks.access"),
    });
    await expect(signIn("nobody@contoso.com")).rejects.toMatchObject({ code: "AADSTS50034" });
  });

  it("meets the policies of the resource", async () => {
    const { data } = cloud.store;
    addPolicy(data, "compliant", { controls: ["compliantDevice"], apps: [DATABRICKS] });
    await expect(signIn("jon.berg@contoso.com")).rejects.toMatchObject({ code: "AADSTS53000" });
    const correlationId = "c0000000-0000-4000-8000-00000000c0de";
    const played = { device: "compliant" };
    expect((await signIn("jon.berg@contoso.com", { played, correlationId })).roles).toEqual(["analyst"]);
    const fetch = sandboxFetch({ proxy: cloud.proxy.url, caFile: cloud.authority.caFile });
    const { clientId, clientSecret } = cloud.deployer;
    const deployer = { clientId, proof: { client_secret: clientSecret } };
    const token = await programToken(fetch, TENANT, deployer, "https://graph.microsoft.com");
    expect(await loggedSignIn(fetch, token, correlationId, 0)).toEqual({
      policies: [{ displayName: "compliant", state: "enabled", applies: true, reason: "notSet" }],
      failed: [],
    });
    data.conditionalAccessPolicies = {};
  });

  it("is really a device's where the flow is asked for", async () => {
    const { data } = cloud.store;
    const started = performance.now();
    const { claims, roles } = await signIn("jon.berg@contoso.com", { played: { flow: "device-code" } });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(claims).toMatchObject({ name: "Jon Berg", aud: "04b07795-8ddb-461a-bbee-02f9e1bf7b46" });
    expect(claims).not.toHaveProperty("nonce");
    expect(roles).toEqual(["analyst"]);

    addPolicy(data, "method", { controls: ["mfa"], apps: [DATABRICKS] });
    const flow = "device-code";
    expect((await signIn("jon.berg@contoso.com", { played: { flow } })).roles).toEqual(["analyst"]);
    await expect(signIn("jon.berg@contoso.com", { played: { flow, mfa: "none" } })).rejects.toMatchObject({
      code: "AADSTS50076",
    });
    await expect(signIn("nobody@contoso.com", { played: { flow } })).rejects.toMatchObject({ code: "AADSTS50034" });
    data.conditionalAccessPolicies = {};
  });

  it("is blocked as a device's by a policy about the flow, and leaves its trace in the log", async () => {
    const { data } = cloud.store;
    const conditions = { authenticationFlows: { transferMethods: "deviceCodeFlow" } };
    addPolicy(data, "no device codes", { controls: ["block"], apps: [DATABRICKS], conditions });
    const correlationId = "c0000000-0000-4000-8000-00000000c0df";
    const played = { flow: "device-code" };
    await expect(signIn("jon.berg@contoso.com", { played, correlationId })).rejects.toMatchObject({
      code: "AADSTS53003",
    });
    const fetch = sandboxFetch({ proxy: cloud.proxy.url, caFile: cloud.authority.caFile });
    const { clientId, clientSecret } = cloud.deployer;
    const deployer = { clientId, proof: { client_secret: clientSecret } };
    const token = await programToken(fetch, TENANT, deployer, "https://graph.microsoft.com");
    expect((await loggedSignIn(fetch, token, correlationId, 53003)).failed).toEqual(["no device codes"]);
    expect((await signIn("jon.berg@contoso.com")).roles).toEqual(["analyst"]);
    data.conditionalAccessPolicies = {};
  });

  it("is seen by the address list from where the person signs in", async () => {
    workspace.conf.enableIpAccessLists = "true";
    workspace.addressLists.office = {
      listId: "office",
      label: "office",
      listType: "ALLOW",
      addresses: ["198.51.100.0/24"],
      enabled: true,
      createdAt: 0,
      updatedAt: 0,
    };
    const from = (ip: string) => signIn("jon.berg@contoso.com", { played: { ip } });
    expect((await from("198.51.100.7")).roles).toEqual(["analyst"]);
    for (const ip of ["203.0.113.10", "2001:db8::7"])
      await expect(from(ip)).rejects.toMatchObject({ message: expect.stringContaining(`address: ${ip} is blocked`) });
    delete workspace.addressLists.office;
    delete workspace.conf.enableIpAccessLists;
  });

  it("tells a role that the workspace does not honour", async () => {
    const held = { ...workspace.entitlements };
    for (const id of Object.keys(workspace.assignments)) workspace.entitlements[id] = [];
    await expect(signIn("jon.berg@contoso.com")).rejects.toMatchObject({
      code: "rights-missing",
      message: expect.stringContaining("in the role analyst, but gives only USER"),
    });
    workspace.entitlements = held;
  });

  it("names the address list, and passes on what nobody knows", () => {
    const blocked = "Source IP address: 203.0.113.10 is blocked by Databricks IP ACL for workspace: 1";
    expect(databricksRefusal(JSON.stringify({ error_code: 403, message: blocked }))).toMatchObject({
      code: "403",
      fix: expect.stringContaining("allowedIps"),
    });
    expect(databricksRefusal("<html>Bad gateway</html>")).toMatchObject({
      code: "unknown",
      message: "<html>Bad gateway</html>",
    });
  });
});
