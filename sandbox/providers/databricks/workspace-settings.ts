import type { Json } from "../http/api.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { flag, fromJson, map, maps, required, text, texts } from "../read-values.ts";
import type { ResourceKind } from "../resource.ts";
import type { Connection } from "./connection.ts";
import { FIXED_REQUIRED, TERRAFORM, TEXT } from "./schema.ts";

/** `_`: the keys that the program names, and no others. https://docs.databricks.com/api/azure/workspace/workspaceconf */
export function workspaceConfKind({ workspace, workspacePath }: Connection): ResourceKind {
  const path = () => workspacePath("/2.0/workspace-conf");
  const off = (value: unknown) => (value === "true" || value === "false" ? "false" : "");
  return {
    schemas: { customConfig: { type: "map", items: TEXT } },
    outputs: {},
    comparison: TERRAFORM,
    create: async (inputs, { created }) => {
      await workspace.call("PATCH", path(), { ...map(inputs.customConfig) });
      created("_");
      return "_";
    },
    // Which keys are the program's is known to the state alone, so there is no import.
    read: async (id, old) => {
      const keys = Object.keys(map(old?.inputs.customConfig)).sort();
      if (keys.length === 0) return undefined;
      const live = await workspace.find(`${path()}?keys=${keys.join(",")}`);
      return live && { id, inputs: { customConfig: fromJson(live) }, outputs: {} };
    },
    update: async (_id, old, news) => {
      const [before, after] = [map(old.inputs.customConfig), map(news.customConfig)];
      const gone = Object.entries(before).filter(([key]) => !(key in after));
      await workspace.call("PATCH", path(), {
        ...after,
        ...Object.fromEntries(gone.map(([key, value]) => [key, off(value)])),
      });
    },
    delete: async (_id, outputs) => {
      const switches = Object.entries(map(outputs.customConfig)).filter(([key]) => /^(enable|enforce)/.test(key));
      await workspace.call("PATCH", path(), Object.fromEntries(switches.map(([key, value]) => [key, off(value)])));
    },
    find: async () => undefined,
  };
}

/** https://docs.databricks.com/api/azure/workspace/ipaccesslists */
export function ipAccessListKind({ workspace, workspacePath }: Connection): ResourceKind {
  const pathOf = (id = "") => workspacePath(`/2.0/ip-access-lists${id && `/${id}`}`);
  const bodyOf = (inputs: PropertyMap): Json => ({
    label: required(inputs, "label"),
    list_type: required(inputs, "listType"),
    ip_addresses: texts(inputs.ipAddresses),
    enabled: flag(inputs.enabled) ?? true,
  });
  return {
    schemas: {
      enabled: { type: "boolean", default: true },
      ipAddresses: { type: "list", items: TEXT, required: true },
      label: { type: "string", required: true },
      listType: { type: "string", required: true },
    },
    outputs: {},
    comparison: TERRAFORM,
    create: async (inputs, { created }) => {
      const { body } = await workspace.call("POST", pathOf(), bodyOf({ ...inputs }));
      const id = String((body.ip_access_list as Json).list_id);
      created(id);
      return id;
    },
    read: async (id) => {
      const live = (await workspace.find(pathOf(id)))?.ip_access_list as Json | undefined;
      if (live === undefined) return undefined;
      const { label, list_type: listType, ip_addresses: addresses, enabled } = live;
      return {
        id,
        inputs: {
          label: fromJson(label),
          listType: fromJson(listType),
          ipAddresses: fromJson(addresses),
          enabled: fromJson(enabled),
        },
        outputs: {},
      };
    },
    update: async (id, _old, news) => {
      await workspace.call("PATCH", pathOf(id), bodyOf(news));
    },
    delete: async (id) => {
      if (await workspace.find(pathOf(id))) await workspace.call("DELETE", pathOf(id));
    },
    find: async (inputs) => {
      const { body } = await workspace.call("GET", pathOf());
      const found = (body.ip_access_lists as Json[]).find(({ label }) => label === text(inputs.label));
      return found && String(found.list_id);
    },
  };
}

/** `global`: each change names the version that it saw. https://docs.databricks.com/api/azure/workspace/restrictworkspaceadmins */
export function restrictAdminsKind({ workspace, workspacePath }: Connection): ResourceKind {
  const path = () => workspacePath("/2.0/settings/types/restrict_workspace_admins/names/default");
  const etag = async () => String((await workspace.call("GET", path())).body.etag);
  const put = async (inputs: PropertyMap) => {
    const { status } = map(inputs.restrictWorkspaceAdmins);
    await workspace.call("PATCH", path(), {
      allow_missing: true,
      field_mask: "restrict_workspace_admins.status",
      setting: { setting_name: "default", etag: await etag(), restrict_workspace_admins: { status } },
    });
  };
  return {
    schemas: {
      restrictWorkspaceAdmins: { type: "object", properties: { status: TEXT }, required: true },
    },
    outputs: { etag: {}, settingName: {} },
    comparison: TERRAFORM,
    create: async (inputs, { created }) => {
      await put(inputs);
      created("global");
      return "global";
    },
    read: async (id) => {
      const live = await workspace.find(path());
      if (live === undefined) return undefined;
      return {
        id,
        inputs: { restrictWorkspaceAdmins: fromJson(live.restrict_workspace_admins) },
        outputs: { etag: fromJson(live.etag), settingName: fromJson(live.setting_name) },
      };
    },
    update: (_id, _old, news) => put(news),
    delete: async () => {
      await workspace.call("DELETE", `${path()}?etag=${await etag()}`);
    },
    find: async () => "global",
  };
}

/** `/authorization/tokens`: who may use personal access tokens; admins always may. https://docs.databricks.com/api/azure/workspace/permissions */
export function permissionsKind({ workspace, workspacePath }: Connection): ResourceKind {
  const pathOf = (id: string) => workspacePath(`/2.0/permissions${id}`);
  const put = (id: string, list: Json[]) => workspace.call("PUT", pathOf(id), { access_control_list: list });
  const listOf = (inputs: PropertyMap) =>
    maps(inputs.accessControls).map(({ groupName, permissionLevel }) => ({
      group_name: groupName,
      permission_level: permissionLevel,
    }));
  const idOf = (inputs: PropertyMap) => `/authorization/${required(inputs, "authorization")}`;
  return {
    schemas: {
      accessControls: {
        type: "set",
        items: { type: "object", properties: { groupName: TEXT, permissionLevel: TEXT } },
        key: "groupName",
        required: true,
      },
      authorization: FIXED_REQUIRED,
    },
    outputs: { objectType: {} },
    comparison: TERRAFORM,
    create: async (inputs, { created }) => {
      const id = idOf(inputs);
      await put(id, listOf(inputs));
      created(id);
      return id;
    },
    read: async (id) => {
      const live = await workspace.find(pathOf(id));
      if (live === undefined) return undefined;
      const controls = (live.access_control_list as Json[])
        .filter(({ group_name: name }) => name !== "admins")
        .map(({ group_name: groupName, all_permissions: all }) => ({
          groupName,
          permissionLevel: (all as Json[])[0]?.permission_level,
        }));
      return {
        id,
        inputs: { accessControls: fromJson(controls), authorization: id.split("/").at(-1) },
        outputs: { objectType: fromJson(live.object_type) },
      };
    },
    update: async (id, _old, news) => {
      await put(id, listOf(news));
    },
    delete: async (id) => {
      await put(id, [{ group_name: "admins", permission_level: "CAN_MANAGE" }]);
    },
    find: async (inputs) => idOf(inputs),
  };
}
