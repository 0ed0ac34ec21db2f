import { roleId } from "../../model/ids.ts";
import type { Example } from "./example.ts";

const group = (name: string, props: Example["props"] = {}): Example => ({
  type: "azuread:index/group:Group",
  name,
  props: { displayName: name, securityEnabled: true, ...props },
});

const someObject = "11111111-2222-4333-8444-555555555555";
const otherObject = "66666666-7777-4888-9999-000000000000";
const assignment = "azuread:index/appRoleAssignment:AppRoleAssignment";

/** Registrations that break exactly one of the rules about teams and rights each. */
export const teamExamples: Readonly<Record<string, readonly Example[]>> = {
  "admin-role-guarded": [
    group("analysts"),
    { type: "azuread:index/application:Application", name: "superset", props: { displayName: "Superset" } },
    {
      type: "azuread:index/servicePrincipal:ServicePrincipal",
      name: "superset-sp",
      props: { appRoleAssignmentRequired: true },
      refs: { clientId: "superset" },
    },
    {
      type: assignment,
      name: "superset-Admin-analysts",
      props: { appRoleId: roleId("superset", "Admin") },
      refs: { principalObjectId: "analysts", resourceObjectId: "superset-sp" },
    },
  ],
  "privileged-not-nested": [
    group("interns"),
    {
      ...group("admins", { assignableToRole: true, members: [someObject, otherObject] }),
      refs: { "members.1": "interns" },
    },
  ],
  "app-permissions-minimal": [
    {
      type: assignment,
      name: "job-graph",
      props: {
        // GroupMember.ReadWrite.All
        appRoleId: "dbaae8cf-10b5-4b86-a4a1-f871c94c6695",
        principalObjectId: someObject,
        resourceObjectId: otherObject,
      },
    },
  ],
};
