import { beforeEach, describe, expect, it } from "vitest";
import { blankGroup } from "../graph/groups/blank.ts";
import { NOWHERE } from "../testing.ts";
import { type ArmWorld, armWorld, GROUP, ROLES, SCOPE, VAULT } from "./testing.ts";

const ASSIGNMENTS = "providers/Microsoft.Authorization/roleAssignments";
const DEFINITIONS = "providers/Microsoft.Authorization/roleDefinitions";
const NAME = "bbbbbbbb-0000-4000-8000-000000000001";
let world: ArmWorld;
let ana: string;
beforeEach(async () => {
  world = armWorld();
  await world.deploy();
  ana = world.person("ana.lima");
});

describe("role assignments", () => {
  it("are created, read, and deleted", async () => {
    const created = await world.assign(ana, ROLES.reader, GROUP, NAME);
    expect(created.status).toBe(201);
    expect(created.body.properties).toMatchObject({ principalType: "User", scope: GROUP, principalId: ana });
    expect((await world.assign(ana, ROLES.reader, GROUP, NAME)).status).toBe(200);
    const path = `${GROUP}/${ASSIGNMENTS}/${NAME}`;
    expect((await world.arm("GET", path)).status).toBe(200);
    expect((await world.arm("DELETE", path)).status).toBe(200);
    expect((await world.arm("DELETE", path)).status).toBe(204);
    expect((await world.arm("GET", path)).status).toBe(404);
  });

  it("exist once per scope, role and principal, and once per name", async () => {
    await world.assign(ana, ROLES.reader, GROUP, NAME);
    expect((await world.assign(ana, ROLES.reader, GROUP)).body.error.code).toBe("RoleAssignmentExists");
    const other = await world.assign(ana, ROLES.contributor, GROUP, NAME);
    expect(other.body.error.code).toBe("RoleAssignmentUpdateNotPermitted");
    expect((await world.assign(ana, ROLES.reader, SCOPE)).status).toBe(201);
  });

  it("need a GUID, a principal, a role and a scope that exist", async () => {
    const code = async (principal: string, role: string, scope: string, name?: string) =>
      (await world.assign(principal, role, scope, name)).body.error.code;
    expect(await code(NOWHERE, ROLES.reader, GROUP)).toBe("PrincipalNotFound");
    expect(await code(ana, NOWHERE, GROUP)).toBe("RoleDefinitionDoesNotExist");
    expect(await code(ana, ROLES.reader, `${GROUP}-2`)).toBe("ResourceGroupNotFound");
    expect(await code(ana, ROLES.reader, `${VAULT}x`)).toBe("ResourceNotFound");
    expect(await code(ana, ROLES.reader, `/subscriptions/${NOWHERE}`)).toBe("AuthorizationFailed");
    expect(await code(ana, ROLES.reader, GROUP, "not-a-guid")).toBe("InvalidRoleAssignmentId");
    const typed = await world.arm("PUT", `${GROUP}/${ASSIGNMENTS}/${NAME}`, {
      properties: { principalId: ana, principalType: "Group", roleDefinitionId: ROLES.reader },
    });
    expect(typed.body.error.code).toBe("UnmatchedPrincipalType");
  });

  it("are listed at, above and below a scope, and filtered", async () => {
    await world.assign(ana, ROLES.reader, GROUP);
    await world.assign(ana, ROLES.user, `${VAULT}/secrets/key`);
    const count = async (scope: string, filter = "") =>
      (await world.arm("GET", `${scope}/${ASSIGNMENTS}${filter && `?$filter=${filter}`}`)).body.value.length;
    expect(await count(GROUP)).toBe(3);
    expect(await count(GROUP, "atScope()")).toBe(2);
    expect(await count(GROUP, `principalId eq '${ana}'`)).toBe(2);
    expect(await count(GROUP, `atScope() and assignedTo('${ana}')`)).toBe(1);
    expect((await world.arm("GET", `${GROUP}/${ASSIGNMENTS}?$filter=colour eq 'red'`)).status).toBe(501);
  });

  it("decide who may do what: a reader reads, a contributor assigns nothing", async () => {
    await world.assign(ana, ROLES.reader, GROUP);
    expect((await world.arm("GET", VAULT, undefined, "ana.lima")).status).toBe(200);
    expect((await world.arm("DELETE", VAULT, undefined, "ana.lima")).status).toBe(403);
    expect((await world.arm("GET", `${SCOPE}/resourceGroups`, undefined, "ana.lima")).status).toBe(403);
    const jon = world.person("jon.berg");
    await world.assign(jon, ROLES.contributor, GROUP);
    expect((await world.arm("PATCH", GROUP, { tags: {} }, "jon.berg")).status).toBe(200);
    const body = { properties: { principalId: jon, roleDefinitionId: ROLES.reader } };
    expect((await world.arm("PUT", `${GROUP}/${ASSIGNMENTS}/${NAME}`, body, "jon.berg")).status).toBe(403);
  });

  it("reach people through their groups", async () => {
    const group = "eeeeeeee-0000-4000-8000-000000000001";
    world.context.store.data.groups[group] = blankGroup({
      id: group,
      displayName: "operators",
      mailNickname: "operators",
      securityEnabled: true,
      createdDateTime: "2026-01-01T00:00:00Z",
      members: [ana],
    });
    expect((await world.assign(group, ROLES.reader, GROUP)).body.properties.principalType).toBe("Group");
    expect((await world.arm("GET", GROUP, undefined, "ana.lima")).status).toBe(200);
  });
});

describe("role definitions", () => {
  it("are found by id and by name", async () => {
    const one = await world.arm("GET", `${SCOPE}/${DEFINITIONS}/${ROLES.user}`);
    expect(one.body.properties).toMatchObject({ roleName: "Key Vault Secrets User", type: "BuiltInRole" });
    const named = await world.arm("GET", `${SCOPE}/${DEFINITIONS}?$filter=roleName eq 'Key Vault Secrets Officer'`);
    expect(named.body.value.map(({ name }: { name: string }) => name)).toEqual([ROLES.officer]);
    expect((await world.arm("GET", `${SCOPE}/${DEFINITIONS}/${NOWHERE}`)).status).toBe(404);
  });
});
