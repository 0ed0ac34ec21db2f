import { beforeEach, describe, expect, it } from "vitest";
import { NOWHERE } from "../../testing.ts";
import { type GraphWorld, graphWorld, reference, securityGroup } from "../testing.ts";

let world: GraphWorld;
beforeEach(() => {
  world = graphWorld();
});

const owned = () => ({ "owners@odata.bind": [reference(world.deployer.objectId)["@odata.id"]] });
const create = async (name: string, more: Record<string, unknown> = {}) => {
  const { status, body } = await world.graph("POST", "/beta/groups", securityGroup(name, more));
  expect(status).toBe(201);
  return body.id as string;
};
const dynamic = { groupTypes: ["DynamicMembership"], membershipRuleProcessingState: "On" };
const analysts = { ...dynamic, membershipRule: 'user.department -eq "Analytics"' };
const ids = (answer: { body: { value: { id: string }[] } }) => answer.body.value.map(({ id }) => id).sort();

describe("groups", () => {
  it("takes what the azuread provider sends, and reads in both versions", async () => {
    const id = await create("bi-admins", {
      "@odata.type": "#microsoft.graph.group",
      description: null,
      groupTypes: [],
      isAssignableToRole: false,
      membershipRule: null,
      resourceBehaviorOptions: [],
      resourceProvisioningOptions: [],
      writebackConfiguration: { isEnabled: false },
      ...owned(),
    });
    expect((await world.graph("PATCH", `/beta/groups/${id}`, { displayName: "admins" })).status).toBe(204);
    expect((await world.graph("GET", `/groups/${id}`)).body).toMatchObject({
      displayName: "admins",
      mailNickname: "bi-admins",
    });
    const { body } = await world.graph("GET", `/beta/groups/${id}?$expand=owners($select=id)`);
    expect(body.owners).toEqual([{ "@odata.type": "#microsoft.graph.servicePrincipal", id: world.deployer.objectId }]);
    expect((await world.graph("DELETE", `/beta/groups/${id}`)).status).toBe(204);
    expect((await world.graph("GET", `/beta/groups/${id}`)).status).toBe(404);
  });

  it.each([
    [{ securityEnabled: false }, "security-enabled"],
    [{ mailEnabled: true }, "Unified"],
    [{ mailNickname: "with space" }, "mailNickname"],
    [{ ...dynamic }, "membershipRule"],
    [{ membershipRule: 'user.country -eq "PT"' }, "DynamicMembership"],
    [{ ...dynamic, membershipRule: "user.shoeSize -eq 42" }, "membershipRule"],
    [{ ...analysts, isAssignableToRole: true }, "dynamic"],
    [{ ...analysts, membershipRuleProcessingState: null }, "membershipRuleProcessingState"],
    [{ isAssignableToRole: true, visibility: "Public" }, "visibility"],
    [{ colour: "red" }, "'colour'"],
  ])("refuses %j", async (more, part) => {
    const { status, body } = await world.graph("POST", "/beta/groups", securityGroup("x", more));
    expect(status).toBe(400);
    expect(body.error.message).toContain(part);
  });

  it("fixes role-assignability at creation and guards it with its own permission", async () => {
    const id = await create("privileged", { isAssignableToRole: true });
    expect((await world.graph("PATCH", `/groups/${id}`, { isAssignableToRole: false })).status).toBe(400);
    const body = securityGroup("other", { isAssignableToRole: true });
    expect((await world.graph("POST", "/groups", body, "admin")).status).toBe(403);
    expect((await world.graph("DELETE", `/groups/${id}`, undefined, "admin")).status).toBe(403);
    const nested = await world.graph("POST", `/groups/${id}/members/$ref`, reference(await create("nested")));
    expect(nested.body.error.message).toContain("role-assignable");
  });

  it("keeps its last owner", async () => {
    const id = await create("x", owned());
    const owner = `/beta/groups/${id}/owners`;
    expect((await world.graph("DELETE", `${owner}/${world.deployer.objectId}/$ref`)).status).toBe(400);
    await world.graph("POST", `${owner}/$ref`, reference(world.person("ana.lima")));
    expect((await world.graph("DELETE", `${owner}/${world.deployer.objectId}/$ref`)).status).toBe(204);
  });

  it("may be managed by its owner without any permission, and by nobody else", async () => {
    const id = await create("x", owned());
    world.callers.weak = { ...world.deployer, roles: [] };
    const member = reference(world.person("ana.lima"));
    expect((await world.graph("POST", `/groups/${id}/members/$ref`, member, "weak")).status).toBe(204);
    expect((await world.graph("POST", `/groups/${id}/members/$ref`, member, "stranger")).status).toBe(403);
    expect((await world.graph("POST", "/groups", securityGroup("y"), "weak")).status).toBe(403);
  });
});

describe("members", () => {
  it("are added and removed by reference, each once", async () => {
    const id = await create("x");
    const ana = world.person("ana.lima");
    const path = `/groups/${id}/members`;
    expect((await world.graph("POST", `${path}/$ref`, reference(ana))).status).toBe(204);
    const twice = await world.graph("POST", `${path}/$ref`, reference(ana));
    expect(twice.body.error.message).toBe(
      "One or more added object references already exist for the following modified properties: 'members'.",
    );
    const found = await world.graph("GET", `/beta${path}?$filter=id eq '${ana}'`);
    expect(found.body.value[0]).toMatchObject({ "@odata.type": "#microsoft.graph.user", id: ana });
    expect((await world.graph("DELETE", `${path}/${ana}/$ref`)).status).toBe(204);
    expect((await world.graph("DELETE", `${path}/${ana}/$ref`)).status).toBe(404);
    expect((await world.graph("POST", `${path}/$ref`, reference(NOWHERE))).status).toBe(404);
  });

  it("may come with the group's creation and with a PATCH", async () => {
    const bind = (key: string) => ({ "members@odata.bind": [reference(world.person(key))["@odata.id"]] });
    const id = await create("x", bind("ana.lima"));
    expect((await world.graph("PATCH", `/groups/${id}`, bind("jon.berg"))).status).toBe(204);
    const expected = [world.person("ana.lima"), world.person("jon.berg")].sort();
    expect(ids(await world.graph("GET", `/groups/${id}/members`))).toEqual(expected);
  });

  it("of a dynamic group come from its rule and cannot be named", async () => {
    const id = await create("analysts", analysts);
    const expected = [world.person("ana.lima"), world.person("mia.chen")].sort();
    expect(ids(await world.graph("GET", `/groups/${id}/members`))).toEqual(expected);
    const added = await world.graph("POST", `/groups/${id}/members/$ref`, reference(world.person("jon.berg")));
    expect(added.status).toBe(400);
    const removed = await world.graph("DELETE", `/groups/${id}/members/${world.person("ana.lima")}/$ref`);
    expect(removed.status).toBe(400);
    await world.graph("PATCH", `/users/${world.person("jon.berg")}`, { department: "Analytics" }, "admin");
    expect(ids(await world.graph("GET", `/groups/${id}/members`))).toContain(world.person("jon.berg"));
  });

  it("nest: direct and transitive lists differ", async () => {
    const inner = await create("inner");
    const outer = await create("outer");
    const jon = world.person("jon.berg");
    await world.graph("POST", `/groups/${inner}/members/$ref`, reference(jon));
    await world.graph("POST", `/groups/${outer}/members/$ref`, reference(inner));
    expect(ids(await world.graph("GET", `/groups/${outer}/members`))).toEqual([inner]);
    expect(ids(await world.graph("GET", `/groups/${outer}/transitiveMembers`))).toEqual([inner, jon].sort());
    expect(ids(await world.graph("GET", `/users/${jon}/memberOf`))).toEqual([inner]);
    expect(ids(await world.graph("GET", `/users/${jon}/transitiveMemberOf`))).toEqual([inner, outer].sort());
    expect(ids(await world.graph("GET", `/beta/groups/${inner}/memberOf`))).toEqual([outer]);
    const objects = await world.graph("POST", `/users/${jon}/getMemberObjects`, { securityEnabledOnly: true });
    expect(objects.body.value.sort()).toEqual([inner, outer].sort());
    const check = await world.graph("POST", `/users/${jon}/checkMemberGroups`, { groupIds: [outer, NOWHERE] });
    expect(check.body.value).toEqual([outer]);
    await world.graph("DELETE", `/groups/${inner}`);
    expect(ids(await world.graph("GET", `/groups/${outer}/members`))).toEqual([]);
  });
});
