import type { ContractProblem, ToolRole } from "../../../model/tool-contract.ts";
import { GUARDED_RESOURCES } from "./permissions.ts";

/** Roles that Airflow itself creates and keeps; a declared role of such a name would be left as Airflow has it. */
const BUILT_IN_ROLES = ["Admin", "Op", "User", "Viewer", "Public"];

interface DeclaredRoles {
  readonly roles: Readonly<Record<string, { readonly permissions: Readonly<Record<string, unknown>> }>>;
  readonly access: Readonly<Record<string, readonly string[]>>;
  readonly triggers: Readonly<Record<string, { readonly role: string }>>;
}

/** Declared roles have names of their own, hold nothing that only Airflow's own roles may, and are held by somebody. */
export function roleProblems({ roles, access, triggers }: DeclaredRoles): ContractProblem[] {
  return Object.entries(roles).flatMap(([name, { permissions }]): ContractProblem[] => {
    const builtIn = BUILT_IN_ROLES.find((own) => own.toLowerCase() === name.toLowerCase());
    if (builtIn !== undefined) {
      return [
        {
          path: ["roles", name],
          found: `the name of Airflow's own role ${builtIn}`,
          allowed: `a name other than ${BUILT_IN_ROLES.join(", ")}`,
          fix: "Rename the role here and in access.",
        },
      ];
    }
    if (name.startsWith("trigger-")) {
      return [
        {
          path: ["roles", name],
          found: `the role ${name}`,
          allowed: "a name that does not begin with trigger-, which is kept for programs",
          fix: "Rename the role here and in access.",
        },
      ];
    }
    const guarded = Object.keys(permissions)
      .filter((resource) => GUARDED_RESOURCES.includes(resource))
      .map((resource) => ({
        path: ["roles", name, "permissions", resource],
        found: `a right on ${resource}`,
        allowed: "rights on DAGs and what they produce",
        fix: `Remove it; the roles Op and Admin have what ${resource} needs.`,
      }));
    const held = access[name] !== undefined || Object.values(triggers).some(({ role }) => role === name);
    const unused = {
      path: ["roles", name],
      found: "a role that access gives to no team and no trigger has",
      allowed: "roles that are used",
      fix: `Add it under access, for example ${name}: ["sales"], or remove it here.`,
    };
    return held ? guarded : [...guarded, unused];
  });
}

/** Programs get a role that is there and is not an admin's; people never get a program's role. */
export function triggerProblems(
  { roles, triggers, access }: DeclaredRoles,
  ownRoles: readonly ToolRole[],
): ContractProblem[] {
  const allowed = [...ownRoles.filter(({ admin }) => !admin).map(({ value }) => value), ...Object.keys(roles)];
  const wrong = Object.entries(triggers)
    .filter(([, { role }]) => !allowed.includes(role))
    .map(([name, { role }]) => ({
      path: ["triggers", name],
      found: `the role ${role}`,
      allowed: `one of ${allowed.join(", ")}`,
      fix: "Give the program the least of these roles that it needs.",
    }));
  const people = Object.keys(access)
    .filter((role) => role.startsWith("trigger-"))
    .map((role) => ({
      path: ["access", role],
      found: `the role ${role}, which programs hold`,
      allowed: "roles for people",
      fix: `Write ${role.replace("trigger-", "")} for people; programs stand under triggers.`,
    }));
  return [...wrong, ...people];
}
