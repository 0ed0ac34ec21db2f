import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { DatabricksPrincipal } from "./data.ts";
import { DatabricksError, invalid, missing } from "./errors.ts";
import { numberOf } from "./life.ts";
import { change, type DatabricksRequest, param, type Route, readBody } from "./request.ts";

const SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal";
const path = "/api/2.0/accounts/:account/scim/v2/ServicePrincipals";

const body = z.strictObject({
  schemas: z.array(z.literal(SCHEMA)).length(1),
  displayName: z.string().min(1).max(256),
  applicationId: z.guid().toLowerCase().optional(),
  active: z.boolean().default(true),
});

/** Service principals of the account (https://docs.databricks.com/api/azure/account/accountserviceprincipals). */
export const servicePrincipalRoutes: readonly Route<DatabricksRequest>[] = [
  {
    method: "GET",
    path,
    handle: (request) => {
      const filter = request.query.get("filter") ?? "";
      const [, key, value] = /^(displayName|applicationId) eq ['"]([^'"]+)['"]$/.exec(filter) ?? [];
      if (filter !== "" && key === undefined) throw invalid(`Unsupported filter: ${filter}`);
      const found = Object.values(request.data.account.principals)
        .filter(({ kind }) => kind === "service-principal")
        .filter((one) => key === undefined || one[key as "displayName" | "applicationId"] === value);
      return { body: { totalResults: found.length, Resources: found.map(servicePrincipalJson) } };
    },
  },
  {
    method: "GET",
    path: `${path}/:id`,
    handle: (request) => ({ body: servicePrincipalJson(servicePrincipalOf(request)) }),
  },
  { method: "POST", path, handle: create },
  {
    method: "PUT",
    path: `${path}/:id`,
    handle: (request) => {
      const principal = servicePrincipalOf(request);
      const { displayName, active, applicationId } = readBody(request, body);
      if (applicationId !== undefined && applicationId !== principal.applicationId) {
        throw invalid("The application id of a service principal cannot be changed.");
      }
      change(request, () => Object.assign(principal, { displayName, active }));
      return { body: servicePrincipalJson(principal) };
    },
  },
  {
    method: "DELETE",
    path: `${path}/:id`,
    handle: (request) => {
      const { id } = servicePrincipalOf(request);
      change(request, () => {
        delete request.data.account.principals[id];
        for (const workspace of Object.values(request.data.workspaces)) {
          delete workspace.assignments[id];
          delete workspace.entitlements[id];
        }
      });
      return { status: 204 };
    },
  },
];

export function servicePrincipalOf(request: DatabricksRequest, name = "id"): DatabricksPrincipal {
  const id = param(request, name);
  const found = request.data.account.principals[id];
  if (found?.kind === "service-principal") return found;
  throw missing(`Service principal with id ${id} not found.`);
}

function create(request: DatabricksRequest) {
  const asked = readBody(request, body);
  const { principals } = request.data.account;
  const { servicePrincipals } = request.context.store.data;
  const entra = Object.values(servicePrincipals).find(({ appId }) => appId === asked.applicationId);
  if (asked.applicationId !== undefined && entra === undefined) {
    throw invalid(`The application ${asked.applicationId} does not exist in the tenant.`);
  }
  if (Object.values(principals).some((one) => one.applicationId !== undefined && one.applicationId === entra?.appId)) {
    throw new DatabricksError(
      409,
      "RESOURCE_ALREADY_EXISTS",
      `Service principal with application ID ${asked.applicationId} already exists.`,
    );
  }
  const principal: DatabricksPrincipal = {
    id: numberOf(request.data.account.id, randomUUID()),
    kind: "service-principal",
    displayName: asked.displayName,
    applicationId: entra?.appId ?? randomUUID(),
    ...(entra !== undefined && { externalId: entra.id }),
    active: asked.active,
  };
  change(request, () => {
    principals[principal.id] = principal;
  });
  return { status: 201, body: servicePrincipalJson(principal) };
}

export function servicePrincipalJson({ id, displayName, applicationId, externalId, active }: DatabricksPrincipal) {
  return { schemas: [SCHEMA], id, displayName, applicationId, ...(externalId !== undefined && { externalId }), active };
}
