import { linksOf } from "../core/links.ts";
import { type Finding, type StackSubject, stackRule } from "../core/rule.ts";
import { elements, known, text } from "../core/values.ts";

const assignment = "azuread:index/appRoleAssignment:AppRoleAssignment";
const groups = ["azuread:index/group:Group", "azuread:index/groupWithoutMembers:GroupWithoutMembers"];

/** Assignments to a Databricks workspace, with the property that names the principal. */
const workspaceAssignments: Readonly<Record<string, string>> = {
  "databricks:index/mwsPermissionAssignment:MwsPermissionAssignment": "principalId",
  "databricks:index/permissionAssignment:PermissionAssignment": "principalId",
  "databricks:index/accountIamWorkspaceAssignmentV2:AccountIamWorkspaceAssignmentV2": "principalId",
};

interface Config {
  readonly adminRoles: readonly string[];
  readonly privilegedGroups: readonly string[];
}

/** What gives an admin role, and to whom: the property with the role, and the one with the principal. */
function adminGrant(
  { type, props }: StackSubject,
  { adminRoles }: Config,
): { at: string; ids: readonly string[] | undefined } | undefined {
  if (type === assignment) {
    return adminRoles.includes(text(props, "appRoleId") ?? "")
      ? { at: "principalObjectId", ids: undefined }
      : undefined;
  }
  const at = workspaceAssignments[type];
  const isAdmin = elements(props, "permissions").some(({ item }) => item.kind === "value" && item.value === "ADMIN");
  // Databricks has ids of its own for Entra's groups, so only where the id comes from can be compared.
  return at !== undefined && isAdmin ? { at, ids: [] } : undefined;
}

function problem(
  grant: StackSubject,
  at: string,
  ids: readonly string[] | undefined,
  teams: readonly StackSubject[],
  { privilegedGroups }: Config,
): Finding | undefined {
  const wanted = "a group with assignableToRole true";
  const { resources, strangers: written } = linksOf(grant, at, teams, ids);
  // An id of another directory says nothing: an existing group's stands there by itself.
  const strangers = ids === undefined ? written : [];
  const open = resources.find(({ props }) => {
    const marked = known(props, "assignableToRole");
    return marked.kind === "absent" || (marked.kind === "value" && marked.value !== true);
  });
  if (open) return { at, found: `the group "${open.name}", which is not privileged`, wanted };
  if (resources.length > 0) return undefined;
  const origins = grant.dependenciesOf(at);
  const stranger = strangers.find((id) => !privilegedGroups.includes(id));
  if (stranger === undefined) {
    // Known to come from something else, such as a person or a service principal of the stack.
    const other = strangers.length === 0 && origins.length > 0 ? origins[0] : undefined;
    return other === undefined ? undefined : { at, found: `something else than a group (${nameOf(other)})`, wanted };
  }
  const existing = `${wanted}, or an existing group that the settings mark privileged`;
  return { at, found: `${JSON.stringify(stranger)}, no group of the stack`, wanted: existing };
}

/** Type and name of a resource, from its URN. */
function nameOf(urn: string): string {
  const [, , type = "", name = ""] = urn.split("::");
  return `${type.slice(type.lastIndexOf(":") + 1)} "${name}"`;
}

/**
 * Admin roles go to groups that Entra itself guards. Which roles are admin roles the settings say (each tool's contract marks
 * them), because a name such as "Op" tells nothing.
 */
export const adminRoleGuarded = stackRule<Config>(
  {
    name: "admin-role-guarded",
    title: "Admin roles go to privileged teams only",
    what: "An admin role of a tool, or of a Databricks workspace, is assigned to a group that may hold Entra roles, and to nothing else.",
    why: "Any group administrator can add himself to an ordinary group, and a help desk can reset the password of its members: the tool's admin role would be one click away. Entra lets only owners and privileged administrators touch a role-assignable group.",
    fix: "Mark the team `privileged: true` in the settings, or give the role to a team that is.",
    severity: "critical",
    url: "https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept",
    mappings: [{ framework: "maester", id: "MT.1035", note: "asks it for groups of conditional access" }],
  },
  {
    types: [assignment, ...groups, ...Object.keys(workspaceAssignments)],
    config: {
      adminRoles: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Ids of the app roles that are admin roles.",
      },
      privilegedGroups: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Object ids of existing groups that the settings mark privileged.",
      },
    },
    check(resources, report, config) {
      const teams = resources.filter(({ type }) => groups.includes(type));
      for (const grant of resources) {
        const admin = adminGrant(grant, config);
        const finding = admin && problem(grant, admin.at, admin.ids, teams, config);
        if (finding) report(grant, finding);
      }
    },
  },
);
