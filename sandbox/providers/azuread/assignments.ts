import type { Json } from "../http/api.ts";
import { required, text, texts } from "../read-values.ts";
import type { ResourceKind } from "../resource.ts";
import { filter, type Graph, objectIdOf, quote, schemaOf, TERRAFORM } from "./graph.ts";

/** An app role given to a group, user or service principal. https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto */
export function appRoleAssignmentKind(graph: Graph): ResourceKind {
  const { api } = graph;
  const pathOf = (id: string) => {
    if (!/^\/servicePrincipals\/[^/]+\/appRoleAssignedTo\/[^/]+$/.test(id)) {
      throw new Error(`"${id}" is no resource id of the form /servicePrincipals/<object id>/appRoleAssignedTo/<id>.`);
    }
    return `/v1.0${id}`;
  };
  const idOf = (assignment: Json) =>
    `/servicePrincipals/${String(assignment.resourceId)}/appRoleAssignedTo/${String(assignment.id)}`;

  return {
    ...schemaOf("azuread:index/appRoleAssignment:AppRoleAssignment"),
    comparison: TERRAFORM,
    create: async (inputs, { created }) => {
      const resourceId = required(inputs, "resourceObjectId");
      const body = {
        appRoleId: required(inputs, "appRoleId"),
        principalId: required(inputs, "principalObjectId"),
        resourceId,
      };
      const { body: assignment } = await api.call(
        "POST",
        `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`,
        body,
        {
          retry: (status, message) => status === 404 || message.includes("Not a valid reference update"),
        },
      );
      created(idOf(assignment));
      return idOf(assignment);
    },
    read: async (id) => {
      const assignment = await api.find(pathOf(id));
      if (!assignment) return undefined;
      return {
        id,
        inputs: {
          appRoleId: String(assignment.appRoleId),
          principalObjectId: String(assignment.principalId),
          resourceObjectId: String(assignment.resourceId),
        },
        outputs: {
          principalType: String(assignment.principalType ?? ""),
          principalDisplayName: String(assignment.principalDisplayName ?? ""),
          resourceDisplayName: String(assignment.resourceDisplayName ?? ""),
        },
      };
    },
    delete: async (id) => {
      if (await api.find(pathOf(id))) await api.call("DELETE", pathOf(id));
    },
    find: async (inputs) => {
      const resource = text(inputs.resourceObjectId);
      if (!resource || !(await api.find(`/v1.0/servicePrincipals/${resource}`))) return undefined;
      const assignments = await api.list(`/v1.0/servicePrincipals/${resource}/appRoleAssignedTo`);
      const found = assignments.find(
        ({ appRoleId, principalId }) => appRoleId === inputs.appRoleId && principalId === inputs.principalObjectId,
      );
      return found && idOf({ ...found, resourceId: resource });
    },
  };
}

/** Admin consent (or one user's consent) for delegated permissions. https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant */
export function permissionGrantKind(graph: Graph): ResourceKind {
  const { api } = graph;
  const pathOf = (id: string) => `/v1.0/oauth2PermissionGrants/${objectIdOf(id, "oauth2PermissionGrants")}`;
  const scopeOf = (claims: readonly string[]) => [...claims].sort().join(" ");

  return {
    ...schemaOf("azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant"),
    comparison: TERRAFORM,
    create: async (inputs, { created }) => {
      const user = text(inputs.userObjectId);
      const body = {
        clientId: required(inputs, "servicePrincipalObjectId"),
        resourceId: required(inputs, "resourceServicePrincipalObjectId"),
        scope: scopeOf(texts(inputs.claimValues)),
        ...(user ? { consentType: "Principal", principalId: user } : { consentType: "AllPrincipals" }),
      };
      const { body: grant } = await api.call("POST", "/v1.0/oauth2PermissionGrants", body, {
        retry: (status) => status === 404,
      });
      const id = `/oauth2PermissionGrants/${String(grant.id)}`;
      created(id);
      return id;
    },
    read: async (id) => {
      const grant = await api.find(pathOf(id));
      if (!grant) return undefined;
      return {
        id,
        inputs: {
          servicePrincipalObjectId: String(grant.clientId),
          resourceServicePrincipalObjectId: String(grant.resourceId),
          claimValues: String(grant.scope ?? "")
            .split(" ")
            .filter(Boolean),
          userObjectId: grant.principalId ? String(grant.principalId) : null,
        },
        outputs: {},
      };
    },
    update: async (id, _old, news) => {
      await api.call("PATCH", pathOf(id), { scope: scopeOf(texts(news.claimValues)) });
    },
    delete: async (id) => {
      if (await api.find(pathOf(id))) await api.call("DELETE", pathOf(id));
    },
    find: async (inputs) => {
      const client = text(inputs.servicePrincipalObjectId);
      if (!client) return undefined;
      const grants = await api.list(filter("/v1.0/oauth2PermissionGrants", `clientId eq ${quote(client)}`));
      const found = grants.find(
        ({ resourceId, principalId }) =>
          resourceId === inputs.resourceServicePrincipalObjectId && (principalId ?? undefined) === inputs.userObjectId,
      );
      return found && `/oauth2PermissionGrants/${String(found.id)}`;
    },
  };
}
