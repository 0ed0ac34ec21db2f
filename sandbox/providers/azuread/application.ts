import type { Json } from "../http/api.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { flag, maps, text, texts } from "../read-values.ts";
import type { ResourceKind } from "../resource.ts";
import { applicationBody, applicationInputs, applicationPatch } from "./application-body.ts";
import {
  filter,
  GRAPH,
  type Graph,
  objectIdOf,
  quote,
  referencedIds,
  refuseDuplicate,
  schemaOf,
  setReferences,
  TERRAFORM,
} from "./graph.ts";

/** Inputs that the official provider has and nobody needs here: refused rather than dropped in silence. */
const NOT_HERE = ["logoImage", "password", "templateId", "deviceOnlyAuthEnabled"];

const pathOf = (id: string) => `/v1.0/applications/${objectIdOf(id, "applications")}`;

/** An app registration: `POST /applications`, its owners, `PATCH`. https://learn.microsoft.com/graph/api/resources/application */
export function applicationKind(graph: Graph): ResourceKind {
  const { api } = graph;
  const idsOf = (list: unknown): PropertyMap =>
    Object.fromEntries(
      (Array.isArray(list) ? (list as Json[]) : [])
        .filter(({ value }) => value)
        .map(({ value, id }) => [String(value), String(id)]),
    );

  return {
    ...schemaOf("azuread:index/application:Application"),
    comparison: TERRAFORM,
    follows: { appRoles: ["appRoleIds"], api: ["oauth2PermissionScopeIds"] },
    check: (inputs) => ({ failures: [...notHere(inputs), ...duplicateRoles(inputs)] }),
    preview: async (inputs, id) => {
      const displayName = text(inputs.displayName);
      if (inputs.preventDuplicateNames !== true || displayName === undefined) return;
      await refuseDuplicate(
        graph,
        "/v1.0/applications",
        "an application",
        displayName,
        id && objectIdOf(id, "applications"),
      );
    },
    create: async (inputs, { created }) => {
      const caller = await graph.callerId();
      const owners = texts(inputs.owners);
      // Graph takes at most 20 references in one request; the caller must be among them to go on working on the application.
      const first = [caller, ...owners.filter((owner) => owner !== caller)].slice(0, 20);
      const body = {
        ...applicationBody(inputs),
        "owners@odata.bind": first.map((owner) => `${GRAPH}/v1.0/directoryObjects/${owner}`),
      };
      const { body: app } = await api.call("POST", "/v1.0/applications", body);
      const id = `/applications/${String(app.id)}`;
      created(id, { objectId: String(app.id), clientId: String(app.appId) });
      await setPostResponse(inputs, id);
      await setReferences(graph, "v1.0", `${pathOf(id)}/owners`, owners);
      return id;
    },
    read: async (id, old) => {
      const app = await api.find(pathOf(id));
      if (!app) return undefined;
      const beta =
        old?.inputs.oauth2PostResponseRequired === undefined
          ? undefined
          : await api.find(`/beta/applications/${String(app.id)}?$select=oauth2RequirePostResponse`);
      const scopes = ((app.api ?? {}) as Json).oauth2PermissionScopes;
      return {
        id,
        inputs: {
          ...applicationInputs(app),
          owners: await referencedIds(graph, `${pathOf(id)}/owners`),
          ...(beta && { oauth2PostResponseRequired: beta.oauth2RequirePostResponse === true }),
        },
        outputs: {
          objectId: String(app.id),
          clientId: String(app.appId),
          publisherDomain: String(app.publisherDomain ?? ""),
          disabledByMicrosoft: String(app.disabledByMicrosoftStatus ?? ""),
          logoUrl: "",
          templateId: "",
          appRoleIds: idsOf(app.appRoles),
          oauth2PermissionScopeIds: idsOf(scopes),
        },
      };
    },
    update: (id, old, news) =>
      graph.locks(objectIdOf(id, "applications"), async () => {
        await disableChangedRoles(id, news);
        await api.call("PATCH", pathOf(id), applicationPatch(old.inputs, news), {
          retry: (status) => status === 404 || status === 409,
        });
        await setPostResponse(news, id);
        if (news.owners !== undefined || old.inputs.owners !== undefined)
          await setReferences(graph, "v1.0", `${pathOf(id)}/owners`, texts(news.owners));
      }),
    delete: (id, _outputs, timeoutSeconds) =>
      graph.locks(objectIdOf(id, "applications"), async () => {
        if (await api.find(pathOf(id))) await api.call("DELETE", pathOf(id));
        await api.gone(pathOf(id), timeoutSeconds);
      }),
    find: async (inputs) => {
      const displayName = text(inputs.displayName);
      if (displayName === undefined) return undefined;
      const [app] = await api.list(filter("/v1.0/applications", `displayName eq ${quote(displayName)}`));
      return app && `/applications/${String(app.id)}`;
    },
  };

  async function setPostResponse(inputs: PropertyMap, id: string): Promise<void> {
    const required = flag(inputs.oauth2PostResponseRequired);
    if (required !== undefined)
      await api.call("PATCH", `/beta/applications/${objectIdOf(id, "applications")}`, {
        oauth2RequirePostResponse: required,
      });
  }

  /** Graph changes or removes a role or scope only while it is disabled. */
  async function disableChangedRoles(id: string, news: PropertyMap): Promise<void> {
    const { body: app } = await api.call("GET", pathOf(id));
    const wanted = applicationBody({ appRoles: [], ...news });
    const roles = disabled(app.appRoles, wanted.appRoles);
    if (roles) await api.call("PATCH", pathOf(id), { appRoles: roles });
    const scopes = disabled(
      ((app.api ?? {}) as Json).oauth2PermissionScopes,
      ((wanted.api ?? {}) as Json).oauth2PermissionScopes,
    );
    if (scopes) await api.call("PATCH", pathOf(id), { api: { oauth2PermissionScopes: scopes } });
  }
}

/** The live entries with those disabled that the wanted ones change or leave out; undefined when there are none. */
function disabled(live: unknown, wanted: unknown): Json[] | undefined {
  const current = Array.isArray(live) ? (live as Json[]) : [];
  const entries = Array.isArray(wanted) ? (wanted as Json[]) : [];
  const isKept = (entry: Json) => {
    const next = entries.find(({ id }) => id === entry.id);
    return (
      next !== undefined &&
      Object.entries(next).every(([name, value]) => JSON.stringify(value) === JSON.stringify(entry[name] ?? null))
    );
  };
  const changed = current.filter((entry) => entry.isEnabled === true && !isKept(entry));
  if (changed.length === 0) return undefined;
  return current.map((entry) => (changed.includes(entry) ? { ...entry, isEnabled: false } : entry));
}

function notHere(inputs: PropertyMap) {
  return NOT_HERE.filter((name) => name in inputs).map((property) => ({
    property,
    reason: `The sandbox's azuread provider does not take "${property}" on an application.`,
  }));
}

function duplicateRoles(inputs: PropertyMap) {
  const values = maps(inputs.appRoles).map(({ value }) => text(value) ?? "");
  return values.flatMap((value, index) =>
    value !== "" && values.indexOf(value) < index
      ? [{ property: `appRoles[${index}].value`, reason: `Another app role has the value '${value}' already.` }]
      : [],
  );
}
