import { expect, test } from "vitest";
import { deploy, redeploy, refTo, testCloud } from "../testing.ts";

const GROUP = refTo("azuread:index/group:Group");
const PLAIN = refTo("azuread:index/groupWithoutMembers:GroupWithoutMembers");
const MEMBER = refTo("azuread:index/groupMember:GroupMember");

test("a group keeps its owners and members, whatever their order", async () => {
  const cloud = testCloud();
  const [ana, jon, mia] = ["ana.lima", "jon.berg", "mia.chen"].map(cloud.world.person) as [string, string, string];
  const args = { displayName: "analysts", securityEnabled: true, owners: [ana], members: [jon, ana] };
  const group = await deploy(cloud.azuread, GROUP, args);
  expect(group.id).toBe(`/groups/${String(group.outputs.objectId)}`);
  expect(group.outputs).toMatchObject({ owners: [ana], mailEnabled: false });
  expect((await cloud.azuread.read(GROUP, group.id, group))?.inputs).toEqual(group.inputs);

  const changed = await redeploy(cloud.azuread, GROUP, group, { ...args, owners: [mia], members: [jon, mia] });
  expect(changed.diff.changes).toEqual({ "owners[0]": "update", "members[1]": "update" });
  const stored = cloud.world.context.store.data.groups[String(group.outputs.objectId)];
  expect([stored?.owners, stored?.members.toSorted()]).toEqual([[mia], [jon, mia].sort()]);

  const { changes } = await cloud.azuread.diff(GROUP, group.id, group, { ...args, assignableToRole: true });
  expect(changes).toEqual({ assignableToRole: "add-replace" });
  expect(await cloud.azuread.find(GROUP, args)).toBe(group.id);
  await cloud.azuread.delete(GROUP, group.id, changed.outputs, { timeoutSeconds: 5 });
  expect(await cloud.azuread.read(GROUP, group.id, group)).toBeUndefined();
  expect(await cloud.azuread.find(GROUP, args)).toBeUndefined();
});

test("without owners the deployer owns the group", async () => {
  const cloud = testCloud();
  const group = await deploy(cloud.azuread, PLAIN, { displayName: "operators", securityEnabled: true });
  expect(group.outputs.owners).toEqual([cloud.world.deployer.objectId]);
  expect(group.outputs).not.toHaveProperty("members");
});

test("a dynamic group has a rule, and drift of it is told", async () => {
  const cloud = testCloud();
  const args = {
    displayName: "analytics",
    securityEnabled: true,
    types: ["DynamicMembership"],
    dynamicMembership: { enabled: true, rule: 'user.department -eq "Analytics"' },
  };
  const group = await deploy(cloud.azuread, GROUP, args);
  cloud.world.context.store.mutate((data) => {
    const stored = data.groups[String(group.outputs.objectId)];
    if (stored) stored.membershipRule = 'user.department -eq "Sales"';
  });
  const drifted = await cloud.azuread.read(GROUP, group.id, group);
  const { changes } = await cloud.azuread.diff(GROUP, group.id, drifted ?? group, group.inputs);
  expect(changes).toEqual({ "dynamicMembership.rule": "update" });
});

test.each([
  [{ securityEnabled: false }, "securityEnabled"],
  [{ securityEnabled: true, dynamicMembership: { enabled: true, rule: "x" } }, "types"],
  [{ securityEnabled: true, types: ["DynamicMembership"] }, "dynamicMembership"],
  [
    {
      securityEnabled: true,
      types: ["DynamicMembership"],
      dynamicMembership: { enabled: true, rule: "x" },
      members: [],
    },
    "members",
  ],
  [{ securityEnabled: true, theme: "Blue" }, "theme"],
])("%j is refused", async (args, property) => {
  const { failures } = await testCloud().azuread.check(GROUP, undefined, { displayName: "x", ...args });
  expect(failures.map((failure) => failure.property)).toEqual([property]);
});

test("a membership stands alone", async () => {
  const cloud = testCloud();
  const [outer, inner] = await Promise.all(
    ["outer", "inner"].map((displayName) => deploy(cloud.azuread, PLAIN, { displayName, securityEnabled: true })),
  );
  const args = { groupObjectId: String(outer?.outputs.objectId), memberObjectId: String(inner?.outputs.objectId) };
  const member = await deploy(cloud.azuread, MEMBER, args);
  expect(member.id).toBe(`${args.groupObjectId}/member/${args.memberObjectId}`);
  expect((await cloud.azuread.read(MEMBER, member.id))?.inputs).toEqual(args);
  await expect(deploy(cloud.azuread, MEMBER, args)).rejects.toThrow("already");
  expect(await cloud.azuread.find(MEMBER, args)).toBe(member.id);
  await cloud.azuread.delete(MEMBER, member.id, member.outputs, { timeoutSeconds: 5 });
  expect(await cloud.azuread.read(MEMBER, member.id)).toBeUndefined();
});

test("people, groups and the deployer are looked up", async () => {
  const cloud = testCloud();
  const invoke = (name: string, args = {}) => cloud.azuread.invoke(`azuread:index/${name}:${name}`, args);
  const names = ["jon.berg@contoso.com", "ana.lima@contoso.com"];
  const users = await invoke("getUsers", { userPrincipalNames: names });
  expect(users.objectIds).toEqual(["jon.berg", "ana.lima"].map(cloud.world.person));
  expect(users.users).toMatchObject([
    { displayName: "Jon Berg", accountEnabled: true },
    { userPrincipalName: names[1] },
  ]);
  await expect(invoke("getUsers", { userPrincipalNames: ["no.one@contoso.com"] })).rejects.toThrow(
    'There is no user with userPrincipalName "no.one@contoso.com".',
  );
  expect(await invoke("getUsers", { userPrincipalNames: ["no.one@contoso.com"], ignoreMissing: true })).toMatchObject({
    objectIds: [],
  });
  expect(await invoke("getUser", { userPrincipalName: names[0] })).toMatchObject({
    objectId: cloud.world.person("jon.berg"),
  });
  const group = await deploy(cloud.azuread, GROUP, {
    displayName: "sales",
    securityEnabled: true,
    members: [cloud.world.person("jon.berg")],
  });
  expect(await invoke("getGroup", { objectId: group.outputs.objectId })).toMatchObject({
    displayName: "sales",
    members: [cloud.world.person("jon.berg")],
  });
  await expect(invoke("getGroup", { displayName: "sales", mailEnabled: true })).rejects.toThrow("mailEnabled");
  expect(await invoke("getClientConfig")).toMatchObject({
    clientId: cloud.world.deployer.clientId,
    objectId: cloud.world.deployer.objectId,
  });
  await expect(invoke("getDomains")).rejects.toThrow('no function "azuread:index/getDomains:getDomains"');
});
