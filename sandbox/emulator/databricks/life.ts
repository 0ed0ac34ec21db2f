import { createHash, randomUUID } from "node:crypto";
import type { DatabricksData, DatabricksPrincipal, DatabricksWorkspace } from "./data.ts";

/** How Azure cuts the workspaces' hosts: the workspace's number modulo 20 stands between. */
export const HOST_PARTS = 20;

/** A number of 15 digits, as Databricks numbers things; the same text always gives the same. */
export function numberOf(...parts: string[]): string {
  const digest = createHash("sha256").update(parts.join("\n")).digest();
  return String(10n ** 14n + (digest.readBigUInt64BE() % (9n * 10n ** 14n)));
}

/** What `users` and `admins` hold in a new workspace (learn.microsoft.com/azure/databricks/security/auth/entitlements). */
const USERS = ["workspace-access", "databricks-sql-access"];
export const ADMINS = [...USERS, "allow-cluster-create", "allow-instance-pool-create"];

/** A workspace as it is the moment after its creation. */
export function newWorkspace(resourceId: string, name: string): DatabricksWorkspace {
  const id = numberOf(resourceId.toLowerCase(), randomUUID());
  const groups = { admins: numberOf(id, "admins"), users: numberOf(id, "users") };
  return {
    id,
    host: `adb-${id}.${Number(BigInt(id) % BigInt(HOST_PARTS))}.azuredatabricks.net`,
    resourceId,
    name,
    assignments: {},
    entitlements: { [groups.users]: USERS, [groups.admins]: ADMINS },
    groups,
    conf: {},
    addressLists: {},
    tokenPermissions: [{ name: "users", kind: "group", level: "CAN_USE" }],
    restrictAdmins: { status: "ALLOW_ALL", etag: randomUUID() },
  };
}

/** Forgets the workspace of an Azure resource. What is in Unity Catalog stays: it belongs to the account. */
export function removeWorkspace(data: DatabricksData | undefined, resourceId: string): void {
  for (const workspace of Object.values(data?.workspaces ?? {})) {
    if (workspace.resourceId.toLowerCase() === resourceId.toLowerCase()) delete data?.workspaces[workspace.id];
  }
}

/** The data that a company has before anybody deploys. */
const SECURABLES = [
  "catalog/main",
  ...["sales", "operations", "product", "shared", "ml"].map((schema) => `schema/main.${schema}`),
  "function/main.ml.churn",
  "function/main.ml.forecast",
];

/** The account of a tenant with its admins and its company's data. A second seeding keeps what was made since. */
export function seedDatabricks(
  data: DatabricksData | undefined,
  account: { readonly id: string; readonly admins: readonly string[] },
): DatabricksData {
  const securables = Object.fromEntries(SECURABLES.map((key) => [key, data?.securables[key] ?? {}]));
  return {
    workspaces: data?.workspaces ?? {},
    securables: { ...data?.securables, ...securables },
    account: { id: account.id, admins: [...account.admins], principals: data?.account.principals ?? {} },
  };
}

/** The principal of an Entra object, made where the account did not know it. */
export function principalOf(
  data: DatabricksData,
  entra: Pick<DatabricksPrincipal, "displayName" | "kind"> & { externalId: string; applicationId?: string },
): DatabricksPrincipal {
  const known = Object.values(data.account.principals).find(({ externalId }) => externalId === entra.externalId);
  if (known !== undefined) return Object.assign(known, { displayName: entra.displayName });
  const principal: DatabricksPrincipal = { id: numberOf(data.account.id, entra.externalId), active: true, ...entra };
  data.account.principals[principal.id] = principal;
  return principal;
}
