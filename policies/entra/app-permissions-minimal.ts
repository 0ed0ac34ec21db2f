import { linksOf } from "../core/links.ts";
import { type Finding, type StackSubject, stackRule } from "../core/rule.ts";
import { elements, text } from "../core/values.ts";
import { permissionName } from "./graph-permissions.ts";

const assignment = "azuread:index/appRoleAssignment:AppRoleAssignment";
const application = "azuread:index/application:Application";
const servicePrincipal = "azuread:index/servicePrincipal:ServicePrincipal";

const defaultAccess = "00000000-0000-0000-0000-000000000000";

/** Whether one of the resources is what a property leads to. */
function leadsToAny(
  from: StackSubject,
  property: string,
  targets: readonly StackSubject[],
  idKeys?: string[],
): boolean {
  return linksOf(from, property, targets, idKeys).resources.length > 0;
}

function finding(at: string, id: string, permissions: readonly string[]): Finding | undefined {
  const name = permissionName(id);
  if (permissions.includes(name)) return undefined;
  return { at, found: JSON.stringify(name), wanted: `one of ${permissions.join(", ")}` };
}

/** Application permissions that a registration asks for; an administrator would only have to press a button. */
function requested({ props }: StackSubject, permissions: readonly string[]): readonly Finding[] {
  return elements(props, "requiredResourceAccesses").flatMap(({ path, item }) =>
    elements(item.kind === "value" ? item.value : undefined, "resourceAccesses").flatMap(
      ({ path: inner, item: access }) => {
        if (access.kind !== "value" || text(access.value, "type") !== "Role") return [];
        const id = text(access.value, "id");
        return id === undefined ? [] : (finding(`${path}.${inner}.id`, id, permissions) ?? []);
      },
    ),
  );
}

/**
 * What programs may do at APIs outside the stack, Microsoft Graph above all. Such a permission is an app role of the API's
 * service principal, so it is an assignment like those to tools; what it leads to tells them apart.
 */
export const appPermissionsMinimal = stackRule<{ permissions: readonly string[] }>(
  {
    name: "app-permissions-minimal",
    title: "Programs only read at Microsoft Graph",
    what: "An identity of the stack holds, and a registration asks for, no application permission but those that reading people and groups takes.",
    why: "Application permissions hold for the whole tenant and no person is asked: a job with GroupMember.ReadWrite.All adds anybody to any ordinary group, one with AppRoleAssignment.ReadWrite.All makes itself a global administrator.",
    fix: "Remove the assignment; a job that compares roles needs User.Read.All, GroupMember.Read.All and Application.Read.All at most.",
    severity: "critical",
    url: "https://learn.microsoft.com/graph/permissions-reference",
    mappings: [
      { framework: "scuba", id: "MS.AAD.5.2" },
      { framework: "mcsb", id: "PA-7" },
    ],
  },
  {
    types: [assignment, application, servicePrincipal],
    config: {
      permissions: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: ["User.Read.All", "GroupMember.Read.All", "Application.Read.All"],
        description: "Application permissions that may be given out: names of Microsoft Graph's, ids of others.",
      },
    },
    check(resources, report, { permissions }) {
      const apps = resources.filter(({ type }) => type === application);
      // Roles at a tool of the stack are the tool's own, given out by `access`.
      const tools = resources.filter(
        (one) => one.type === servicePrincipal && leadsToAny(one, "clientId", apps, ["clientId"]),
      );
      for (const grant of resources.filter(({ type }) => type === assignment)) {
        const id = text(grant.props, "appRoleId");
        // The default access is no permission; no-default-access-role looks at it.
        if (id === undefined || id === defaultAccess || leadsToAny(grant, "resourceObjectId", tools)) continue;
        const found = finding("appRoleId", id, permissions);
        if (found) report(grant, found);
      }
      for (const app of apps) for (const found of requested(app, permissions)) report(app, found);
    },
  },
);
