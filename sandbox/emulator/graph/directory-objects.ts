import { z } from "zod";
import type { Group } from "../directory.ts";
import { transitiveGroups } from "../membership.ts";
import { guid, readBody } from "./body.ts";
import { notFound } from "./errors.ts";
import { groupOf } from "./groups/lookup.ts";
import { READ_ANY_OBJECT, READ_GROUPS, READ_USERS } from "./permissions.ts";
import { entity, type Json } from "./query.ts";
import { objectId } from "./references.ts";
import { type GraphAccess, type GraphRequest, type GraphResponse, type GraphRoute, param } from "./request.ts";
import { servicePrincipalOf } from "./service-principals.ts";
import { directoryObjectJson } from "./shapes.ts";
import { findUser, userOf } from "./user-lookup.ts";

const read: GraphAccess = { anyOf: READ_ANY_OBJECT };
const shape = { set: "directoryObjects", mixed: true } as const;

const getByIdsBody = z.strictObject({ ids: z.array(guid).min(1).max(1000), types: z.array(z.string()).optional() });
const memberGroupsBody = z.strictObject({ securityEnabledOnly: z.boolean().default(false) });
const checkGroupsBody = z.strictObject({ groupIds: z.array(guid).min(1).max(20) });

/** Whose groups are asked for, by path; the signed-in person may ask for the own ones. */
const holders: readonly { path: string; access: GraphAccess; idOf: (request: GraphRequest) => string }[] = [
  ...["/users/:id", "/me"].map((path) => ({
    path,
    access: { anyOf: [...READ_GROUPS, ...READ_USERS], self: (request: GraphRequest) => findUser(request)?.id },
    idOf: (request: GraphRequest) => userOf(request).id,
  })),
  { path: "/groups/:id", access: { anyOf: READ_GROUPS }, idOf: (request) => groupOf(request).id },
  { path: "/servicePrincipals/:id", access: read, idOf: (request) => servicePrincipalOf(request).id },
  { path: "/directoryObjects/:id", access: read, idOf: (request) => String(directoryObject(request).id) },
];

export const directoryObjectRoutes: readonly GraphRoute[] = [
  {
    method: "GET",
    path: "/directoryObjects/:id",
    access: read,
    handle: (request) => entity(request, shape, directoryObject(request)),
  },
  ...["/directoryObjects/getByIds", "/directoryObjects/microsoft.graph.getByIds"].map(
    (path): GraphRoute => ({ method: "POST", path, access: read, handle: getByIds }),
  ),
  ...holders.flatMap(({ path, access, idOf }): GraphRoute[] => [
    {
      method: "POST",
      path: `${path}/getMemberObjects`,
      access,
      handle: (request) => answerIds(request, memberGroups(request, idOf(request))),
    },
    {
      method: "POST",
      path: `${path}/getMemberGroups`,
      access,
      handle: (request) => answerIds(request, memberGroups(request, idOf(request))),
    },
    {
      method: "POST",
      path: `${path}/checkMemberGroups`,
      access,
      handle: (request) => {
        const { groupIds } = readBody(request.body, checkGroupsBody, "checkMemberGroups");
        const held = new Set(transitiveGroups(request.data, idOf(request)).map(({ id }) => id));
        return answerIds(
          request,
          groupIds.filter((id) => held.has(id)),
        );
      },
    },
  ]),
];

function directoryObject(request: GraphRequest): Json {
  const id = objectId(param(request, "id"));
  const object = directoryObjectJson(request.data, id, request.version);
  if (object === undefined) throw notFound(id);
  return object;
}

/** Ids that do not exist are left out, as in Graph (https://learn.microsoft.com/graph/api/directoryobject-getbyids). */
function getByIds(request: GraphRequest): GraphResponse {
  const { ids, types } = readBody(request.body, getByIdsBody, "getByIds");
  const wanted = types?.map((type) => `#microsoft.graph.${type.replace(/^microsoft\.graph\./, "")}`.toLowerCase());
  const all = wanted === undefined || wanted.includes("#microsoft.graph.directoryobject");
  const found = ids
    .map((id) => directoryObjectJson(request.data, id, request.version))
    .filter((object) => object !== undefined)
    .filter((object) => all || wanted.includes(String(object["@odata.type"]).toLowerCase()));
  const context = `https://graph.microsoft.com/${request.version}/$metadata#directoryObjects`;
  return { status: 200, body: { "@odata.context": context, value: found } };
}

/** Groups at any depth: what the `groups` claim would hold. The sandbox has no directory roles. */
function memberGroups(request: GraphRequest, id: string): string[] {
  const { securityEnabledOnly } = readBody(request.body, memberGroupsBody, "getMemberGroups");
  const counts = (group: Group) => !securityEnabledOnly || group.securityEnabled;
  return transitiveGroups(request.data, id)
    .filter(counts)
    .map((group) => group.id);
}

function answerIds(request: GraphRequest, ids: readonly string[]): GraphResponse {
  const context = `https://graph.microsoft.com/${request.version}/$metadata#Collection(Edm.String)`;
  return { status: 200, body: { "@odata.context": context, value: ids } };
}
