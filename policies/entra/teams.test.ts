import { describe, expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { type Sample, stackMessages, urnOf } from "../testing/harness.ts";
import { adminRoleGuarded } from "./admin-role-guarded.ts";
import { privilegedNotNested } from "./privileged-not-nested.ts";

const adminRole = "0d9a1f4e-54ef-5d52-9c86-1d1d2f0b9a11";
const viewerRole = "1d9a1f4e-54ef-5d52-9c86-1d1d2f0b9a11";
const config = { adminRoles: [adminRole], privilegedGroups: ["aaaa"], ordinaryGroups: ["bbbb"] };

const group = (name: string, props: object = {}, refs: Sample["refs"] = {}): Sample => ({
  type: "azuread:index/group:Group",
  name,
  props: { displayName: name, ...props },
  refs,
});
const admins = group("admins", { assignableToRole: true, objectId: "1111" });
const analysts = group("analysts", { objectId: "2222" });

describe("admin-role-guarded", () => {
  const assignment = (props: object, refs: Sample["refs"] = {}): Sample => ({
    type: "azuread:index/appRoleAssignment:AppRoleAssignment",
    name: "tool-Admin",
    props: { appRoleId: adminRole, resourceObjectId: "3333", ...props },
    refs,
  });
  const run = (...samples: Sample[]) => stackMessages(adminRoleGuarded, samples, config);

  it("accepts an admin role of a privileged team: of the stack, by id or by origin, or existing", () => {
    expect(run(admins, analysts, assignment({ principalObjectId: "1111" }))).toEqual([]);
    const late = group("admins", { assignableToRole: true });
    expect(run(late, assignment({ principalObjectId: unknownText }, { principalObjectId: "admins" }))).toEqual([]);
    expect(run(admins, assignment({ principalObjectId: "aaaa" }))).toEqual([]);
  });

  it("leaves other roles, and what it cannot know, alone", () => {
    expect(run(analysts, assignment({ appRoleId: viewerRole, principalObjectId: "2222" }))).toEqual([]);
    expect(run(analysts, assignment({ appRoleId: unknownText, principalObjectId: "2222" }))).toEqual([]);
    expect(run(analysts, assignment({ principalObjectId: unknownText }))).toEqual([]);
    const late = group("late", { assignableToRole: unknownText });
    expect(run(late, assignment({ principalObjectId: unknownText }, { principalObjectId: "late" }))).toEqual([]);
    expect(stackMessages(adminRoleGuarded, [analysts, assignment({ principalObjectId: "2222" })])).toEqual([]);
  });

  it("refuses a team that is not privileged, known or not, and says which", () => {
    const known = assignment({ principalObjectId: "2222" });
    expect(run(admins, analysts, known)).toEqual([
      expect.stringContaining(
        `${urnOf(known)} AppRoleAssignment "tool-Admin": principalObjectId is the group "analysts"`,
      ),
    ]);
    const off = group("analysts", { assignableToRole: false });
    expect(run(off, assignment({ principalObjectId: unknownText }, { principalObjectId: "analysts" }))).toHaveLength(1);
  });

  it("refuses a group by its id, however the value came about", () => {
    // A value that depends on a privileged group may still be another one's id.
    const mixed = assignment({ principalObjectId: "2222" }, { principalObjectId: "admins" });
    expect(run(admins, analysts, mixed)).toEqual([expect.stringContaining('the group "analysts"')]);
  });

  it("refuses strangers and people", () => {
    expect(run(admins, assignment({ principalObjectId: "bbbb" }))).toEqual([
      expect.stringContaining('"bbbb", no group of the stack'),
    ]);
    const person: Sample = { type: "azuread:index/user:User", name: "ana", props: {} };
    const given = assignment({ principalObjectId: unknownText }, { principalObjectId: "ana" });
    expect(run(admins, person, given)).toEqual([expect.stringContaining('something else than a group (User "ana")')]);
  });

  describe("in Databricks", () => {
    const workspace = (permissions: unknown, team: string): Sample => ({
      type: "databricks:index/mwsPermissionAssignment:MwsPermissionAssignment",
      name: "workspace-admins",
      props: { principalId: 42, workspaceId: 1, permissions },
      refs: { principalId: team },
    });

    it("looks where the principal comes from, as its id is another one", () => {
      expect(run(admins, analysts, workspace(["ADMIN"], "admins"))).toEqual([]);
      expect(run(admins, analysts, workspace(["USER"], "analysts"))).toEqual([]);
      expect(run(admins, analysts, workspace([unknownText], "analysts"))).toEqual([]);
      // An existing group: its id in Databricks comes from no resource of the stack.
      expect(
        run(admins, { ...workspace(["ADMIN"], ""), props: { principalId: "42", permissions: ["ADMIN"] } }),
      ).toEqual([]);
      expect(run(admins, analysts, workspace(["ADMIN"], "analysts"))).toEqual([
        expect.stringContaining('the group "analysts", which is not privileged'),
      ]);
      const program: Sample = { type: "databricks:index/servicePrincipal:ServicePrincipal", name: "scorer", props: {} };
      expect(run(admins, program, workspace(["ADMIN"], "scorer"))).toEqual([
        expect.stringContaining('something else than a group (ServicePrincipal "scorer")'),
      ]);
    });
  });
});

describe("privileged-not-nested", () => {
  const run = (...samples: Sample[]) => stackMessages(privilegedNotNested, samples, config);
  const member = (props: object, refs: Sample["refs"] = {}): Sample => ({
    type: "azuread:index/groupMember:GroupMember",
    name: "member",
    props,
    refs,
  });

  it("accepts people in a privileged team, and teams in others", () => {
    const people = group("admins", { assignableToRole: true, members: ["person-1", unknownText] });
    const nesting = group("analysts", { members: ["person-1", unknownText] }, { members: "interns" });
    expect(run(people, nesting, group("interns"))).toEqual([]);
    expect(run(admins, analysts, member({ groupObjectId: "2222", memberObjectId: "1111" }))).toEqual([]);
    expect(run(admins, member({ groupObjectId: "1111", memberObjectId: "person-1" }))).toEqual([]);
    expect(run(admins, member({ groupObjectId: unknownText, memberObjectId: "2222" }))).toEqual([]);
  });

  it.each([
    ["by origin", group("top", { assignableToRole: true, members: unknownText }, { members: "interns" }), "interns"],
    ["by id", group("top", { assignableToRole: true, members: ["person-1", "2222"] }), "analysts"],
    ["by an existing group's id", group("top", { assignableToRole: true, members: ["bbbb"] }), "bbbb"],
  ])("refuses a team in a privileged one, %s", (_, top, name) => {
    expect(run(top, group("interns"), analysts)).toEqual([expect.stringContaining(`members is the group "${name}"`)]);
  });

  it("refuses a membership of its own", () => {
    expect(run(admins, analysts, member({ groupObjectId: "1111", memberObjectId: "2222" }))).toHaveLength(1);
    expect(run(analysts, member({ groupObjectId: "aaaa", memberObjectId: "2222" }))).toHaveLength(1);
    const late = group("top", { assignableToRole: true });
    const origins = { groupObjectId: "top", memberObjectId: "interns" };
    const unknown = member({ groupObjectId: unknownText, memberObjectId: unknownText }, origins);
    expect(run(late, group("interns"), unknown)).toEqual([expect.stringContaining('the group "interns"')]);
  });

  it("refuses a rule that computes members", () => {
    const dynamic = { assignableToRole: true, dynamicMembership: { enabled: true, rule: 'user.city -eq "Oslo"' } };
    expect(run(group("top", dynamic))).toEqual([expect.stringContaining("user.city")]);
  });
});
