import { type Finding, resourceRule } from "../core/rule.ts";
import { known, text } from "../core/values.ts";

interface Role {
  readonly name: string;
  /** Whether it can hand out rights, its own included. A condition limits that, and nothing else. */
  readonly grants: boolean;
}

/** Built-in roles that are too much by themselves: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const roles: Readonly<Record<string, Role>> = {
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": { name: "Owner", grants: true },
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": { name: "User Access Administrator", grants: true },
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168": { name: "Role Based Access Control Administrator", grants: true },
  "b24988ac-6180-42a0-ab88-20f7382dd24c": { name: "Contributor", grants: false },
};
const vaultAdministrator = "00482a5a-887f-4fb3-b363-3b7fe8e74483";

/** A subscription, a management group, or the whole tenant. */
const broad = /^\/?(?:subscriptions\/[^/]+\/?|providers\/microsoft\.management\/managementgroups\/[^/]+\/?)?$/i;

function problemOf(props: unknown): Finding | undefined {
  const at = "roleDefinitionId";
  const definition = text(props, at)?.toLowerCase();
  const id = definition?.slice(definition.lastIndexOf("/") + 1) ?? "";
  if (id === vaultAdministrator && text(props, "principalType") === "ServicePrincipal") {
    const wanted = "Key Vault Secrets User, on single secrets";
    return { at, found: "Key Vault Administrator for a program", wanted };
  }
  const role = roles[id];
  if (role === undefined) return undefined;
  const scope = text(props, "scope");
  const limited = role.grants && known(props, "condition").kind !== "absent";
  if (scope !== undefined && broad.test(scope) && !limited) {
    return {
      at,
      found: `${role.name} on ${JSON.stringify(scope)}`,
      wanted: "a role for what is done, on a resource group",
    };
  }
  if (!role.grants || limited) return undefined;
  const fix = "Add a condition that names the roles and the kind of principals that may be assigned.";
  return { at: "condition", found: `not set, for ${role.name}`, wanted: "the roles that it may assign", fix };
}

/** No identity gets more of Azure than its work needs. */
export const rolesNarrow = resourceRule(
  {
    name: "roles-narrow",
    title: "Azure roles are narrow",
    what: "Nobody is made Owner, Contributor or administrator of access of a whole subscription, and who may assign roles is limited to some by a condition.",
    why: "A pipeline with such a role is the subscription: one stolen token or one bad pull request takes everything in it, or hands itself the rest. Role assignments without a condition are as good as Owner.",
    fix: "Assign the role on the resource group, choose one that is made for the work, and limit Role Based Access Control Administrator by a condition.",
    severity: "critical",
    url: "https://learn.microsoft.com/azure/role-based-access-control/best-practices",
    mappings: [{ framework: "mcsb", id: "PA-7" }],
  },
  {
    types: ["azure-native:authorization:RoleAssignment"],
    check({ props }, report) {
      const finding = problemOf(props);
      if (finding) report(finding);
    },
  },
);
