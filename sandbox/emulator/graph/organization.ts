import type { Directory } from "../directory.ts";
import { notFound } from "./errors.ts";
import { READ_DOMAINS, READ_ORGANIZATION } from "./permissions.ts";
import { entity, type Json, list } from "./query.ts";
import { type GraphRoute, param } from "./request.ts";

const organizations = { set: "organization" };
const domains = { set: "domains" };

/** The tenant itself and its verified domains, read-only. */
export const organizationRoutes: readonly GraphRoute[] = [
  {
    method: "GET",
    path: "/organization",
    access: { anyOf: READ_ORGANIZATION },
    handle: (request) => list(request, organizations, [organizationJson(request.data)]),
  },
  {
    method: "GET",
    path: "/organization/:id",
    access: { anyOf: READ_ORGANIZATION },
    handle: (request) => {
      const id = param(request, "id");
      if (id.toLowerCase() !== request.data.tenantId) throw notFound(id);
      return entity(request, organizations, organizationJson(request.data));
    },
  },
  {
    method: "GET",
    path: "/domains",
    access: { anyOf: READ_DOMAINS },
    handle: (request) => list(request, domains, domainsJson(request.data)),
  },
];

function organizationJson(data: Directory): Json {
  return {
    id: data.tenantId,
    displayName: data.domains[0]?.split(".")[0] ?? "",
    tenantType: "AAD",
    verifiedDomains: domainsJson(data).map(({ id, isInitial, isDefault }) => ({ name: id, isInitial, isDefault })),
  };
}

/** The first domain is the initial one; the first added one, if any, is the default. */
function domainsJson(data: Directory): Json[] {
  const standard = data.domains[1] ?? data.domains[0];
  return data.domains.map((id, index) => ({
    id,
    authenticationType: "Managed",
    isDefault: id === standard,
    isInitial: index === 0,
    isVerified: true,
    isRoot: true,
    supportedServices: [],
  }));
}
