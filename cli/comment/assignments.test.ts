import { expect, it } from "vitest";
import { type AccessState, NO_ACCESS } from "../../model/index.ts";
import { unexplainedAssignments } from "./assignments.ts";
import type { Operation, PreviewedChange } from "./preview.ts";

const roles = ["Alpha", "Admin"].map((value) => ({ value, displayName: value, admin: false }));
const tools = [{ id: "superset", url: "https://superset.data.contoso.com", roles }];

function state(...given: readonly (readonly [team: string, role: string])[]): AccessState {
  return {
    ...NO_ACCESS,
    tools,
    grants: new Set(given.map(([team, role]) => JSON.stringify([team, "superset", role]))),
  };
}

function assignment(operation: Operation, name: string): PreviewedChange {
  const type = "azuread:index/appRoleAssignment:AppRoleAssignment";
  return { operation, type, name, properties: [], protect: false };
}

it("tells assignments that the settings on both sides agree about, and the preview does not", () => {
  const changes = [
    assignment("create", "superset-Alpha-analysts"),
    assignment("create", "superset-Alpha-sales"),
    assignment("delete", "superset-Admin-forgotten"),
    assignment("delete", "superset-Admin-admins"),
    assignment("delete", "reconciler-User.Read.All"),
  ];
  const before = state(["analysts", "Alpha"], ["admins", "Admin"]);
  const after = state(["analysts", "Alpha"], ["sales", "Alpha"]);
  expect(unexplainedAssignments({ changes, errors: [] }, before, after)).toEqual({
    made: [{ team: "analysts", tool: "superset", role: "Alpha" }],
    ended: ["superset-Admin-forgotten"],
  });
});
