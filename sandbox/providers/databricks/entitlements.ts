import type { Json } from "../http/api.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { text } from "../read-values.ts";
import type { ResourceKind } from "../resource.ts";
import type { Connection } from "./connection.ts";
import { FIXED, FLAG, TERRAFORM } from "./schema.ts";

/** Argument → entitlement of the SCIM API. */
const ENTITLEMENTS: Readonly<Record<string, string>> = {
  workspaceAccess: "workspace-access",
  databricksSqlAccess: "databricks-sql-access",
  allowClusterCreate: "allow-cluster-create",
  allowInstancePoolCreate: "allow-instance-pool-create",
  workspaceConsume: "workspace-consume",
};
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/**
 * `group/<id>` or `spn/<id>`: all entitlements of one principal in the workspace. Where none is given, none is left.
 * https://docs.databricks.com/api/azure/workspace/groups/patch
 */
export function entitlementsKind({ workspace, workspacePath }: Connection): ResourceKind {
  const idOf = (inputs: PropertyMap) => {
    const group = text(inputs.groupId);
    const principal = text(inputs.servicePrincipalId);
    if ((group === undefined) === (principal === undefined)) {
      throw new Error("Entitlements need groupId or servicePrincipalId, one of them.");
    }
    return group === undefined ? `spn/${principal}` : `group/${group}`;
  };
  const pathOf = (id: string) => {
    const [kind, number = ""] = id.split("/");
    return workspacePath(`/2.0/preview/scim/v2/${kind === "spn" ? "ServicePrincipals" : "Groups"}/${number}`);
  };
  const given = (inputs: PropertyMap) =>
    Object.entries(ENTITLEMENTS).flatMap(([argument, value]) => (inputs[argument] === true ? [{ value }] : []));
  const patch = (id: string, op: "remove" | "replace", inputs: PropertyMap) =>
    workspace.call("PATCH", pathOf(id), {
      schemas: [PATCH],
      Operations: [{ op, path: "entitlements", value: given(inputs) }],
    });
  return {
    schemas: {
      ...Object.fromEntries(Object.keys(ENTITLEMENTS).map((argument) => [argument, FLAG])),
      groupId: FIXED,
      servicePrincipalId: FIXED,
    },
    outputs: {},
    comparison: TERRAFORM,
    create: async (inputs, { created }) => {
      const id = idOf(inputs);
      await patch(id, "replace", inputs);
      created(id);
      return id;
    },
    read: async (id) => {
      const found = await workspace.find(pathOf(id));
      if (found === undefined) return undefined;
      const held = (found.entitlements as Json[]).map(({ value }) => value);
      const [kind, number = ""] = id.split("/");
      const flags = Object.entries(ENTITLEMENTS).map(([argument, value]) => [argument, held.includes(value)]);
      return {
        id,
        inputs: { ...Object.fromEntries(flags), [kind === "spn" ? "servicePrincipalId" : "groupId"]: number },
        outputs: {},
      };
    },
    update: async (id, _old, news) => {
      await patch(id, "replace", news);
    },
    delete: async (id, outputs) => {
      if (await workspace.find(pathOf(id))) await patch(id, "remove", outputs);
    },
    find: async (inputs) => ((await workspace.find(pathOf(idOf(inputs)))) ? idOf(inputs) : undefined),
  };
}
