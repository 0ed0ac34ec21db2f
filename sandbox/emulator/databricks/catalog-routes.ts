import { z } from "zod";
import { invalid, missing, notEmulated } from "./errors.ts";
import { change, param, type Route, readBody, type WorkspaceRequest } from "./request.ts";

const path = "/api/2.1/unity-catalog/permissions/:type/:name";
/** Privileges by securable; a registered model is a `function` here, as in Databricks' own API. */
const PRIVILEGES: Readonly<Record<string, readonly string[]>> = {
  catalog: ["USE_CATALOG", "USE_SCHEMA", "SELECT", "MODIFY", "EXECUTE", "BROWSE", "CREATE_SCHEMA", "APPLY_TAG"],
  schema: ["USE_SCHEMA", "SELECT", "MODIFY", "EXECUTE", "READ_VOLUME", "CREATE_TABLE", "CREATE_MODEL", "APPLY_TAG"],
  function: ["EXECUTE", "APPLY_TAG", "CREATE_MODEL_VERSION", "MANAGE"],
};
const MISSING: Readonly<Record<string, string>> = {
  catalog: "CATALOG_DOES_NOT_EXIST",
  schema: "SCHEMA_DOES_NOT_EXIST",
  function: "ROUTINE_DOES_NOT_EXIST",
};

const privilegeList = z.array(z.string().min(1)).default([]);
const changes = z.strictObject({
  changes: z.array(z.strictObject({ principal: z.string().min(1), add: privilegeList, remove: privilegeList })).min(1),
});

/**
 * Grants of Unity Catalog (https://docs.databricks.com/api/azure/workspace/grants). Who may give them is the owner of the
 * data or a metastore admin; in the sandbox that is an account admin.
 */
export const catalogRoutes: readonly Route<WorkspaceRequest>[] = [
  { method: "GET", path, handle: (request) => ({ body: json(holdersOf(request)) }) },
  {
    method: "PATCH",
    path,
    who: "account-admin",
    handle: (request) => {
      const holders = holdersOf(request);
      const asked = readBody(request, changes).changes;
      for (const { principal, add, remove } of asked) check(request, principal, [...add, ...remove]);
      change(request, () => {
        for (const { principal, add, remove } of asked) {
          const next = [...new Set([...(holders[principal] ?? []), ...add])].filter((one) => !remove.includes(one));
          if (next.length === 0) delete holders[principal];
          else holders[principal] = next;
        }
      });
      return { body: json(holders) };
    },
  },
];

function holdersOf(request: WorkspaceRequest): Record<string, string[]> {
  const type = param(request, "type");
  const name = param(request, "name");
  if (PRIVILEGES[type] === undefined) throw notEmulated(`grants on a ${type}`);
  const found = request.data.securables[`${type}/${name}`];
  if (found === undefined) throw missing(`${type} '${name}' does not exist.`, MISSING[type]);
  return found;
}

function check(request: WorkspaceRequest, principal: string, privileges: readonly string[]): void {
  const type = param(request, "type");
  const known = Object.values(request.data.account.principals).some(({ kind, displayName, applicationId }) =>
    kind === "service-principal" ? applicationId === principal : displayName === principal,
  );
  if (!known) throw missing(`Could not find principal with name ${principal}.`, "PRINCIPAL_DOES_NOT_EXIST");
  const unknown = privileges.find((one) => !PRIVILEGES[type]?.includes(one));
  if (unknown !== undefined) throw invalid(`Privilege ${unknown} is not applicable to this entity [${type}].`);
}

function json(holders: Readonly<Record<string, readonly string[]>>): unknown {
  return {
    privilege_assignments: Object.entries(holders).map(([principal, privileges]) => ({ principal, privileges })),
  };
}
