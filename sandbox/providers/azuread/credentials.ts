import type { Json } from "../http/api.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { fromJson, required, text, texts } from "../read-values.ts";
import type { ResourceKind } from "../resource.ts";
import { credentialIdOf, type Graph, objectIdOf, schemaOf, TERRAFORM } from "./graph.ts";

const applicationPath = (objectId: string) => `/v1.0/applications/${objectId}`;
const applicationOf = (inputs: PropertyMap) => objectIdOf(required(inputs, "applicationId"), "applications");
const isFresh = (status: number) => status === 404;

/** Trust in another issuer's tokens. https://learn.microsoft.com/graph/api/resources/federatedidentitycredential */
export function federatedCredentialKind(graph: Graph): ResourceKind {
  const { api } = graph;
  const listPath = (application: string) => `${applicationPath(application)}/federatedIdentityCredentials`;
  const pathOf = (id: string) => {
    const { parent, key } = credentialIdOf(id, "federatedIdentityCredential");
    return { parent, path: `${listPath(parent)}/${key}` };
  };
  const bodyOf = (inputs: PropertyMap): Json => ({
    issuer: text(inputs.issuer),
    subject: text(inputs.subject),
    audiences: texts(inputs.audiences),
    description: text(inputs.description) ?? null,
  });

  return {
    ...schemaOf("azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential"),
    comparison: TERRAFORM,
    create: (inputs, { created }) => {
      const application = applicationOf(inputs);
      return graph.locks(application, async () => {
        const { description, ...body } = bodyOf(inputs);
        const sent = { name: required(inputs, "displayName"), ...body, ...(description !== null && { description }) };
        const { body: credential } = await api.call("POST", listPath(application), sent, { retry: isFresh });
        const id = `${application}/federatedIdentityCredential/${String(credential.id)}`;
        created(id, { credentialId: String(credential.id) });
        return id;
      });
    },
    read: async (id) => {
      const { parent, path } = pathOf(id);
      const credential = await api.find(path);
      if (!credential) return undefined;
      return {
        id,
        inputs: {
          applicationId: `/applications/${parent}`,
          displayName: fromJson(credential.name),
          issuer: fromJson(credential.issuer),
          subject: fromJson(credential.subject),
          audiences: fromJson(credential.audiences),
          description: fromJson(credential.description),
        },
        outputs: { credentialId: String(credential.id) },
      };
    },
    update: (id, _old, news) => {
      const { parent, path } = pathOf(id);
      return graph.locks(parent, async () => {
        await api.call("PATCH", path, bodyOf(news));
      });
    },
    delete: (id, _outputs, timeoutSeconds) => {
      const { parent, path } = pathOf(id);
      return graph.locks(parent, async () => {
        if (await api.find(path)) await api.call("DELETE", path);
        await api.gone(path, timeoutSeconds);
      });
    },
    find: async (inputs) => {
      if (!text(inputs.applicationId)) return undefined;
      const application = applicationOf(inputs);
      if (!(await api.find(applicationPath(application)))) return undefined;
      const found = (await api.list(listPath(application))).find(({ name }) => name === inputs.displayName);
      return found && `${application}/federatedIdentityCredential/${String(found.id)}`;
    },
  };
}

/** A client secret. Entra shows its value once, so it lives in the state, encrypted. `endDateRelative` has no effect, as officially. */
export function passwordKind(graph: Graph): ResourceKind {
  const { api } = graph;
  const passwordsOf = async (application: string): Promise<Json[] | undefined> => {
    const app = await api.find(applicationPath(application));
    return app && ((app.passwordCredentials ?? []) as Json[]);
  };
  const remove = (application: string, keyId: string) =>
    api.call("POST", `${applicationPath(application)}/removePassword`, { keyId });

  return {
    ...schemaOf("azuread:index/applicationPassword:ApplicationPassword"),
    comparison: TERRAFORM,
    create: (inputs, { created }) => {
      const application = applicationOf(inputs);
      return graph.locks(application, async () => {
        const given = {
          displayName: text(inputs.displayName),
          startDateTime: text(inputs.startDate),
          endDateTime: text(inputs.endDate),
        };
        const passwordCredential = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
        const { body } = await api.call(
          "POST",
          `${applicationPath(application)}/addPassword`,
          { passwordCredential },
          { retry: isFresh },
        );
        const id = `${application}/password/${String(body.keyId)}`;
        created(id, { keyId: String(body.keyId), value: String(body.secretText) });
        return id;
      });
    },
    read: async (id, old) => {
      const { parent, key } = credentialIdOf(id, "password");
      const credential = (await passwordsOf(parent))?.find(({ keyId }) => keyId === key);
      if (!credential) return undefined;
      const date = (name: string, live: unknown) => {
        const given = text(old?.inputs[name]);
        return given && Date.parse(given) === Date.parse(String(live)) ? given : fromJson(live);
      };
      return {
        id,
        inputs: {
          applicationId: `/applications/${parent}`,
          displayName: fromJson(credential.displayName),
          startDate: date("startDate", credential.startDateTime),
          endDate: date("endDate", credential.endDateTime),
        },
        outputs: { keyId: key, value: old?.outputs.value },
      };
    },
    delete: (id, _outputs, timeoutSeconds) => {
      const { parent, key } = credentialIdOf(id, "password");
      return graph.locks(parent, async () => {
        const isThere = async () => (await passwordsOf(parent))?.some(({ keyId }) => keyId === key) === true;
        if (await isThere()) await remove(parent, key);
        for (let left = timeoutSeconds; await isThere(); left--) {
          if (left <= 0) throw new Error(`The password ${key} is still there ${timeoutSeconds} s after its removal.`);
          await new Promise((resolve) => setTimeout(resolve, 1000));
        }
      });
    },
    find: async (inputs) => {
      // Nobody has the value of a password whose creation was cut off: it is removed, so that only one stays.
      const displayName = text(inputs.displayName);
      if (!text(inputs.applicationId) || !displayName) return undefined;
      const application = applicationOf(inputs);
      const sameEnd = (live: unknown) =>
        !text(inputs.endDate) || Date.parse(String(live)) === Date.parse(String(inputs.endDate));
      for (const { keyId, displayName: name, endDateTime } of (await passwordsOf(application)) ?? []) {
        if (name === displayName && sameEnd(endDateTime)) await remove(application, String(keyId));
      }
      return undefined;
    },
  };
}
