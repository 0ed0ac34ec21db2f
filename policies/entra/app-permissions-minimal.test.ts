import { expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { type Sample, stackMessages } from "../testing/harness.ts";
import { appPermissionsMinimal } from "./app-permissions-minimal.ts";

const groupMemberReadAll = "98830695-27a2-44f7-8c18-0c3ebc9698f6";
const groupMemberReadWriteAll = "dbaae8cf-10b5-4b86-a4a1-f871c94c6695";
const toolRole = "0d9a1f4e-54ef-5d52-9c86-1d1d2f0b9a11";

const app: Sample = { type: "azuread:index/application:Application", name: "app", props: {} };
const principal: Sample = {
  type: "azuread:index/servicePrincipal:ServicePrincipal",
  name: "sp",
  props: { clientId: unknownText },
  refs: { clientId: "app" },
};
const grant = (appRoleId: string, props: object = {}, refs: Sample["refs"] = {}): Sample => ({
  type: "azuread:index/appRoleAssignment:AppRoleAssignment",
  name: "grant",
  props: { appRoleId, principalObjectId: unknownText, resourceObjectId: "graph", ...props },
  refs,
});
const run = (samples: readonly Sample[], config?: object) => stackMessages(appPermissionsMinimal, samples, config);

it("accepts a reconciler's reading, and roles of the stack's own tools", () => {
  const toTool = grant(toolRole, { resourceObjectId: unknownText }, { resourceObjectId: "sp" });
  expect(run([app, principal, grant(groupMemberReadAll), toTool])).toEqual([]);
  expect(run([grant(unknownText), grant("00000000-0000-0000-0000-000000000000")])).toEqual([]);
});

it("knows the stack's tools by written ids too", () => {
  const made = { ...app, props: { clientId: "c1" } };
  const shown = { ...principal, props: { clientId: "c1", objectId: "o1" }, refs: {} };
  expect(run([made, shown, grant(toolRole, { resourceObjectId: "o1" })])).toEqual([]);
});

it("refuses writing at Microsoft Graph by its name, and what it does not know by its id", () => {
  expect(run([app, principal, grant(groupMemberReadWriteAll)])).toEqual([
    expect.stringContaining('appRoleId is "GroupMember.ReadWrite.All"; wanted: one of User.Read.All'),
  ]);
  expect(run([app, principal, grant(toolRole)])).toEqual([expect.stringContaining(`"${toolRole}"`)]);
  expect(run([grant(groupMemberReadAll)], { permissions: ["User.Read.All"] })).toHaveLength(1);
});

it("is not fooled by a service principal of the stack that stands for Microsoft Graph", () => {
  const graph: Sample = {
    ...principal,
    name: "graph",
    props: { clientId: "00000003-0000-0000-c000-000000000000" },
    refs: {},
  };
  const given = grant(groupMemberReadWriteAll, { resourceObjectId: unknownText }, { resourceObjectId: "graph" });
  expect(run([app, principal, graph, given])).toHaveLength(1);
});

it("refuses a registration that asks for more than sign-in", () => {
  const access = (id: string, type: string) => ({
    resourceAppId: "graph",
    resourceAccesses: [{ id, type }, unknownText],
  });
  const asking = (...requiredResourceAccesses: unknown[]) => run([{ ...app, props: { requiredResourceAccesses } }]);
  expect(asking(access(groupMemberReadWriteAll, "Scope"), unknownText)).toEqual([]);
  expect(asking(access(groupMemberReadAll, "Role"))).toEqual([]);
  expect(asking(access(groupMemberReadWriteAll, "Role"))).toEqual([
    expect.stringContaining("requiredResourceAccesses[0].resourceAccesses[0].id"),
  ]);
});
