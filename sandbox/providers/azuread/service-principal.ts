import type { Json } from "../http/api.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { flag, fromJson, map, text, texts } from "../read-values.ts";
import type { ResourceKind } from "../resource.ts";
import { roleInputs } from "./application-body.ts";
import {
  filter,
  GRAPH,
  type Graph,
  objectIdOf,
  quote,
  referencedIds,
  schemaOf,
  setReferences,
  TERRAFORM,
} from "./graph.ts";
import { featureTagsOf, tagsOf } from "./tags.ts";

const pathOf = (id: string) => `/v1.0/servicePrincipals/${objectIdOf(id, "servicePrincipals")}`;

/** An enterprise application. https://learn.microsoft.com/graph/api/resources/serviceprincipal */
export function servicePrincipalKind(graph: Graph): ResourceKind {
  const { api } = graph;
  const byClientId = async (clientId: string) =>
    (await api.list(filter("/v1.0/servicePrincipals", `appId eq ${quote(clientId)}`)))[0];

  return {
    ...schemaOf("azuread:index/servicePrincipal:ServicePrincipal"),
    comparison: TERRAFORM,
    check: (inputs) => ({
      failures:
        "features" in inputs ? [{ property: "features", reason: 'Use "featureTags": "features" is deprecated.' }] : [],
    }),
    create: async (inputs, { created }) => {
      const clientId = String(inputs.clientId);
      const existing = await byClientId(clientId);
      if (existing) {
        const id = `/servicePrincipals/${String(existing.id)}`;
        if (inputs.useExisting !== true)
          throw new Error(
            `The application ${clientId} has a service principal already (${id}). Import it, or set useExisting.`,
          );
        created(id);
        await change(id, {}, inputs);
        return id;
      }
      const caller = await graph.callerId();
      const owners = texts(inputs.owners);
      const first = [caller, ...owners.filter((owner) => owner !== caller)].slice(0, 20);
      const body = {
        ...principalBody(inputs),
        appId: clientId,
        "owners@odata.bind": first.map((owner) => `${GRAPH}/v1.0/directoryObjects/${owner}`),
      };
      // An application that was made a moment ago may not be known everywhere yet.
      const { body: principal } = await api.call("POST", "/v1.0/servicePrincipals", body, {
        retry: (status, message) =>
          (status === 400 || status === 403) && message.includes("does not reference a valid application object"),
      });
      const id = `/servicePrincipals/${String(principal.id)}`;
      created(id, { objectId: String(principal.id) });
      await setReferences(graph, "v1.0", `${pathOf(id)}/owners`, owners);
      return id;
    },
    read: async (id) => {
      const principal = await api.find(pathOf(id));
      if (!principal) return undefined;
      const owners = await referencedIds(graph, `${pathOf(id)}/owners`);
      return { id, inputs: { ...principalInputs(principal), owners }, outputs: principalOutputs(principal) };
    },
    update: (id, old, news) => change(id, old.inputs, news),
    delete: async (id, outputs, timeoutSeconds) => {
      // What was there before the program is left there after it.
      if (outputs.useExisting === true) return;
      if (await api.find(pathOf(id))) await api.call("DELETE", pathOf(id));
      await api.gone(pathOf(id), timeoutSeconds);
    },
    find: async (inputs) => {
      const clientId = text(inputs.clientId);
      const found = clientId && (await byClientId(clientId));
      return found ? `/servicePrincipals/${String(found.id)}` : undefined;
    },
  };

  async function change(id: string, olds: PropertyMap, news: PropertyMap): Promise<void> {
    const body = principalBody(news);
    for (const name of Object.keys(principalBody(olds))) {
      if (!(name in body)) body[name] = Array.isArray(principalBody(olds)[name]) ? [] : null;
    }
    await api.call("PATCH", pathOf(id), body);
    if (news.owners !== undefined || olds.owners !== undefined)
      await setReferences(graph, "v1.0", `${pathOf(id)}/owners`, texts(news.owners));
  }
}

function principalBody(inputs: PropertyMap): Json {
  const body: Json = {
    accountEnabled: flag(inputs.accountEnabled) ?? true,
    appRoleAssignmentRequired: flag(inputs.appRoleAssignmentRequired) ?? false,
    description: text(inputs.description),
    loginUrl: text(inputs.loginUrl),
    notes: text(inputs.notes),
    preferredSingleSignOnMode: text(inputs.preferredSingleSignOnMode),
    alternativeNames: inputs.alternativeNames && texts(inputs.alternativeNames),
    notificationEmailAddresses: inputs.notificationEmailAddresses && texts(inputs.notificationEmailAddresses),
    samlSingleSignOnSettings: inputs.samlSingleSignOn && {
      relayState: text(map(inputs.samlSingleSignOn).relayState) ?? null,
    },
    tags: tagsOf(inputs),
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

const principalInputs = (principal: Json): PropertyMap => ({
  clientId: fromJson(principal.appId),
  accountEnabled: fromJson(principal.accountEnabled),
  appRoleAssignmentRequired: fromJson(principal.appRoleAssignmentRequired),
  description: fromJson(principal.description),
  loginUrl: fromJson(principal.loginUrl),
  notes: fromJson(principal.notes),
  preferredSingleSignOnMode: fromJson(principal.preferredSingleSignOnMode),
  alternativeNames: fromJson(principal.alternativeNames),
  notificationEmailAddresses: fromJson(principal.notificationEmailAddresses),
  tags: fromJson(principal.tags),
  featureTags: featureTagsOf(principal.tags),
});

/** Also what the function getServicePrincipal answers besides the inputs. */
export function principalOutputs(principal: Json): PropertyMap {
  const list = (value: unknown) => (Array.isArray(value) ? (value as Json[]) : []);
  const ids = (entries: Json[]) =>
    Object.fromEntries(entries.filter(({ value }) => value).map(({ value, id }) => [String(value), String(id)]));
  const roles = list(principal.appRoles);
  const scopes = list(principal.oauth2PermissionScopes);
  return {
    objectId: String(principal.id),
    displayName: String(principal.displayName ?? ""),
    applicationTenantId: String(principal.appOwnerOrganizationId ?? ""),
    homepageUrl: String(principal.homepage ?? ""),
    logoutUrl: String(principal.logoutUrl ?? ""),
    redirectUris: fromJson(principal.replyUrls ?? []),
    samlMetadataUrl: "",
    servicePrincipalNames: fromJson(principal.servicePrincipalNames ?? []),
    signInAudience: String(principal.signInAudience ?? ""),
    type: String(principal.servicePrincipalType ?? ""),
    appRoles: roles.map(roleInputs),
    appRoleIds: ids(roles),
    oauth2PermissionScopes: scopes.map(({ isEnabled, ...scope }) => ({
      ...(fromJson(scope) as PropertyMap),
      enabled: isEnabled === true,
    })),
    oauth2PermissionScopeIds: ids(scopes),
  };
}
