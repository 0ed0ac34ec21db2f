import { resourceRule } from "../core/rule.ts";
import { text } from "../core/values.ts";

const defaultAccess = "00000000-0000-0000-0000-000000000000";

/** Everybody who is assigned to a tool is assigned to one of its roles. */
export const noDefaultAccessRole = resourceRule(
  {
    name: "no-default-access-role",
    title: "Assignments name a role",
    what: "An app role assignment names a role of the application, not the default access.",
    why: "Default access lets people in with no role in their token; what they may do is then up to the tool's fallback.",
    fix: "Set `appRoleId` to one of the application's app roles.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity-platform/howto-add-app-roles-in-apps",
  },
  {
    types: ["azuread:index/appRoleAssignment:AppRoleAssignment"],
    check({ props }, report) {
      if (text(props, "appRoleId") !== defaultAccess) return;
      report({ at: "appRoleId", found: `${defaultAccess} (default access)`, wanted: "the id of an app role" });
    },
  },
);
