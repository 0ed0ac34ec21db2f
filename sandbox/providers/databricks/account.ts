import type { Json } from "../http/api.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { fromJson, map, required, text, texts } from "../read-values.ts";
import type { ResourceKind } from "../resource.ts";
import type { Connection } from "./connection.ts";
import { FIXED, FIXED_REQUIRED, TERRAFORM, TEXT } from "./schema.ts";

/** `<workspace>|<principal>`. https://docs.databricks.com/api/azure/account/workspaceassignment */
export function permissionAssignmentKind({ account, accountPath }: Connection): ResourceKind {
  const pathOf = (workspace: string) => accountPath(`/workspaces/${workspace}/permissionassignments`);
  const partsOf = (id: string) => {
    const [workspace = "", principal = ""] = id.split("|");
    return { workspace, principal };
  };
  const idOf = (inputs: PropertyMap) => `${required(inputs, "workspaceId")}|${required(inputs, "principalId")}`;
  const permissionsOf = async (id: string): Promise<unknown> => {
    const { workspace, principal } = partsOf(id);
    const list = (await account.find(pathOf(workspace)))?.permission_assignments as Json[] | undefined;
    return list?.find((one) => String((one.principal as Json).principal_id) === principal)?.permissions;
  };
  return {
    schemas: {
      permissions: { type: "set", items: TEXT, required: true, replace: true },
      principalId: FIXED_REQUIRED,
      workspaceId: FIXED_REQUIRED,
    },
    outputs: {},
    comparison: TERRAFORM,
    create: async (inputs, { created }) => {
      const id = idOf(inputs);
      const { workspace, principal } = partsOf(id);
      const body = { permissions: texts(inputs.permissions) };
      await account.call("PUT", `${pathOf(workspace)}/principals/${principal}`, body);
      created(id);
      return id;
    },
    read: async (id) => {
      const permissions = await permissionsOf(id);
      if (permissions === undefined) return undefined;
      const { workspace, principal } = partsOf(id);
      return {
        id,
        inputs: { permissions: fromJson(permissions), principalId: principal, workspaceId: workspace },
        outputs: {},
      };
    },
    delete: async (id) => {
      const { workspace, principal } = partsOf(id);
      if (await permissionsOf(id)) await account.call("DELETE", `${pathOf(workspace)}/principals/${principal}`);
    },
    find: async (inputs) => ((await permissionsOf(idOf(inputs))) ? idOf(inputs) : undefined),
  };
}

const SERVICE_PRINCIPAL = "urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal";

/** https://docs.databricks.com/api/azure/account/accountserviceprincipals */
export function servicePrincipalKind({ account, accountPath }: Connection): ResourceKind {
  const pathOf = (id = "") => accountPath(`/scim/v2/ServicePrincipals${id && `/${id}`}`);
  const bodyOf = (inputs: PropertyMap): Json => ({
    schemas: [SERVICE_PRINCIPAL],
    displayName: required(inputs, "displayName"),
    active: inputs.active !== false,
    ...(text(inputs.applicationId) !== undefined && { applicationId: inputs.applicationId }),
  });
  return {
    schemas: {
      active: { type: "boolean", default: true },
      applicationId: { type: "string", replace: true, computed: true },
      disableAsUserDeletion: { type: "boolean", default: true },
      displayName: { type: "string", replace: true, required: true },
    },
    outputs: { aclPrincipalId: {}, externalId: {}, home: {}, repos: {} },
    comparison: TERRAFORM,
    create: async (inputs, { created }) => {
      const { body } = await account.call("POST", pathOf(), bodyOf(inputs));
      const id = String(body.id);
      created(id);
      return id;
    },
    read: async (id, old) => {
      const found = await account.find(pathOf(id));
      if (found === undefined) return undefined;
      const { displayName, applicationId, active, externalId } = found;
      return {
        id,
        inputs: {
          displayName: fromJson(displayName),
          applicationId: fromJson(applicationId),
          active: fromJson(active),
          disableAsUserDeletion: old?.inputs.disableAsUserDeletion,
        },
        outputs: {
          aclPrincipalId: `servicePrincipals/${String(applicationId)}`,
          externalId: fromJson(externalId ?? ""),
          home: `/Users/${String(applicationId)}`,
          repos: `/Repos/${String(applicationId)}`,
        },
      };
    },
    update: async (id, old, news) => {
      const applicationId = news.applicationId ?? old.outputs.applicationId;
      await account.call("PUT", pathOf(id), bodyOf({ ...news, applicationId }));
    },
    delete: async (id, outputs) => {
      const found = await account.find(pathOf(id));
      if (found === undefined) return;
      if (outputs.disableAsUserDeletion === false) await account.call("DELETE", pathOf(id));
      else await account.call("PUT", pathOf(id), bodyOf({ ...outputs, active: false }));
    },
    find: async (inputs) => {
      const filter = encodeURIComponent(`displayName eq '${required(inputs, "displayName")}'`);
      const { body } = await account.call("GET", `${pathOf()}?filter=${filter}`);
      const [found] = body.Resources as Json[];
      return found && String(found.id);
    },
  };
}

const OIDC = object({ issuer: TEXT, audiences: { type: "list", items: TEXT }, subject: TEXT, subjectClaim: TEXT });

function object(properties: NonNullable<ResourceKind["schemas"][string]["properties"]>) {
  return { type: "object", properties } as const;
}

/** `<service principal>,<policy>`. https://docs.databricks.com/api/authentication/v1/service-principal-federation-policy */
export function federationPolicyKind({ account, accountPath }: Connection): ResourceKind {
  const pathOf = (id: string) => {
    const [principal = "", policy = ""] = id.split(",");
    return accountPath(`/servicePrincipals/${principal}/federationPolicies/${policy}`);
  };
  const bodyOf = (inputs: PropertyMap): Json => {
    const { issuer, audiences, subject, subjectClaim } = map(inputs.oidcPolicy);
    const oidc_policy = { issuer, audiences, subject, subject_claim: subjectClaim };
    return { description: inputs.description, oidc_policy };
  };
  const idOf = (inputs: PropertyMap) => `${String(inputs.servicePrincipalId)},${required(inputs, "policyId")}`;
  return {
    schemas: {
      description: TEXT,
      oidcPolicy: OIDC,
      policyId: { ...FIXED, required: true },
      servicePrincipalId: { type: "integer", replace: true, required: true },
    },
    outputs: { createTime: {}, name: {}, uid: {}, updateTime: {} },
    comparison: TERRAFORM,
    deleteBeforeReplace: (olds, news) =>
      olds.policyId === news.policyId && olds.servicePrincipalId === news.servicePrincipalId,
    create: async (inputs, { created }) => {
      const id = idOf(inputs);
      const [principal] = id.split(",");
      const path = accountPath(`/servicePrincipals/${principal}/federationPolicies`);
      await account.call("POST", `${path}?policy_id=${required(inputs, "policyId")}`, bodyOf(inputs));
      created(id);
      return id;
    },
    read: async (id) => {
      const found = await account.find(pathOf(id));
      if (found === undefined) return undefined;
      const { issuer, audiences, subject, subject_claim: subjectClaim } = found.oidc_policy as Json;
      return {
        id,
        inputs: {
          description: fromJson(found.description),
          oidcPolicy: {
            issuer: fromJson(issuer),
            audiences: fromJson(audiences),
            subject: fromJson(subject),
            ...(subjectClaim !== undefined && { subjectClaim: fromJson(subjectClaim) }),
          },
          policyId: fromJson(found.policy_id),
          servicePrincipalId: fromJson(found.service_principal_id),
        },
        outputs: {
          createTime: fromJson(found.create_time),
          name: fromJson(found.name),
          uid: fromJson(found.uid),
          updateTime: fromJson(found.update_time),
        },
      };
    },
    update: async (id, _old, news) => {
      await account.call("PATCH", `${pathOf(id)}?update_mask=description,oidc_policy`, bodyOf(news));
    },
    delete: async (id) => {
      if (await account.find(pathOf(id))) await account.call("DELETE", pathOf(id));
    },
    find: async (inputs) => ((await account.find(pathOf(idOf(inputs)))) ? idOf(inputs) : undefined),
  };
}
