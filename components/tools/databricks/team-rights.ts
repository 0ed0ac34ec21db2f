import type { ToolRole } from "../../../model/tool-contract.ts";

/** What one team gets in the workspace: all its roles together, as Databricks keeps one assignment per group. */
export interface TeamRights {
  readonly team: string;
  /** Its roles, in the order of the contract. */
  readonly roles: readonly string[];
  readonly permission: "ADMIN" | "USER";
  /** Entitlements of the group itself; an admin's come with the workspace's group `admins`. */
  readonly entitlements: readonly string[];
}

/** The rights of each team that `access` names, in the order of the roles. */
export function teamRights(
  roles: readonly ToolRole[],
  access: Readonly<Record<string, readonly string[]>>,
): TeamRights[] {
  const teams = [...new Set(roles.flatMap(({ value }) => access[value] ?? []))];
  return teams.map((team) => {
    const held = roles.filter(({ value }) => access[value]?.includes(team));
    const rights = new Set(held.flatMap(({ toolRoles }) => toolRoles));
    const isAdmin = rights.has("ADMIN");
    return {
      team,
      roles: held.map(({ value }) => value),
      permission: isAdmin ? "ADMIN" : "USER",
      entitlements: isAdmin ? [] : [...rights].filter((right) => right !== "USER").sort(),
    };
  });
}

/** Entitlement → argument of the resource `Entitlements`. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  "workspace-access": "workspaceAccess",
  "databricks-sql-access": "databricksSqlAccess",
  "allow-cluster-create": "allowClusterCreate",
  "workspace-consume": "workspaceConsume",
};

/** The entitlements as the resource takes them. Throws on one that it does not know. */
export function entitlementArgs(entitlements: readonly string[]): Record<string, boolean> {
  return Object.fromEntries(
    entitlements.map((entitlement) => {
      const argument = ARGUMENTS[entitlement];
      if (argument === undefined) throw new Error(`There is no entitlement "${entitlement}".`);
      return [argument, true];
    }),
  );
}
