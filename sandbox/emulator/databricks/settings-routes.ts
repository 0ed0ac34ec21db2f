import { randomUUID } from "node:crypto";
import { z } from "zod";
import { DatabricksError, invalid } from "./errors.ts";
import { change, type Route, readBody, type WorkspaceRequest } from "./request.ts";

/** Keys of the workspace's configuration that the sandbox knows, with what holds where nobody set them. */
const DEFAULTS: Readonly<Record<string, string | null>> = {
  enableIpAccessLists: "false",
  enableTokensConfig: "true",
  maxTokenLifetimeDays: null,
};
const CONF = "/api/2.0/workspace-conf";
const RESTRICTION = "/api/2.0/settings/types/restrict_workspace_admins/names/default";
const TOKENS = "/api/2.0/permissions/authorization/tokens";

const restriction = z.strictObject({
  allow_missing: z.literal(true, "must be true"),
  field_mask: z.enum(["restrict_workspace_admins", "restrict_workspace_admins.status"]),
  setting: z.strictObject({
    setting_name: z.literal("default").optional(),
    etag: z.string().optional(),
    restrict_workspace_admins: z.strictObject({ status: z.enum(["ALLOW_ALL", "RESTRICT_TOKENS_AND_JOB_RUN_AS"]) }),
  }),
});

const accessControls = z.strictObject({
  access_control_list: z
    .array(z.strictObject({ group_name: z.string().min(1), permission_level: z.enum(["CAN_USE", "CAN_MANAGE"]) }))
    .min(1),
});

/** What a workspace's admins settle for everybody. */
export const settingsRoutes: readonly Route<WorkspaceRequest>[] = [
  {
    method: "GET",
    path: CONF,
    handle: ({ workspace, query }) => {
      const keys = (query.get("keys") ?? "").split(",").filter(Boolean);
      keys.forEach(checkKey);
      return { body: Object.fromEntries(keys.map((key) => [key, workspace.conf[key] ?? DEFAULTS[key] ?? null])) };
    },
  },
  {
    method: "PATCH",
    path: CONF,
    handle: (request) => {
      const asked = readBody(request, z.record(z.string(), z.string("must be a text")));
      Object.keys(asked).forEach(checkKey);
      for (const [key, value] of Object.entries(asked)) checkValue(key, value);
      change(request, () => Object.assign(request.workspace.conf, asked));
      return { status: 204 };
    },
  },
  { method: "GET", path: RESTRICTION, handle: (request) => ({ body: restrictionJson(request) }) },
  { method: "PATCH", path: RESTRICTION, who: "account-admin", handle: restrict },
  {
    method: "DELETE",
    path: RESTRICTION,
    who: "account-admin",
    handle: (request) => {
      checkEtag(request, request.query.get("etag") ?? undefined);
      return { body: { etag: setRestriction(request, "ALLOW_ALL") } };
    },
  },
  { method: "GET", path: TOKENS, handle: (request) => ({ body: tokensJson(request) }) },
  {
    method: "PUT",
    path: TOKENS,
    handle: (request) => {
      // Admins keep what they have, whatever is asked.
      const list = readBody(request, accessControls).access_control_list.filter((one) => one.group_name !== "admins");
      const known = ["users", ...Object.values(request.data.account.principals).map(({ displayName }) => displayName)];
      const stranger = list.find(({ group_name: name }) => !known.includes(name));
      if (stranger !== undefined) throw invalid(`Principal: GroupName(${stranger.group_name}) does not exist`);
      change(request, () => {
        request.workspace.tokenPermissions = list.map(({ group_name: name, permission_level: level }) => ({
          name,
          kind: "group",
          level,
        }));
      });
      return { body: tokensJson(request) };
    },
  },
];

function checkKey(key: string): void {
  if (!(key in DEFAULTS)) throw invalid(`Invalid keys: [${key}]`, "BAD_REQUEST");
}

function checkValue(key: string, value: string): void {
  const isDays = key === "maxTokenLifetimeDays";
  const days = Number(value);
  const isRight = isDays ? value === "" || (days >= 1 && days <= 730) : ["true", "false"].includes(value);
  if (!isRight) throw invalid(`Invalid value for ${key}: ${value}`, "BAD_REQUEST");
}

function restrictionJson({ workspace: { restrictAdmins } }: WorkspaceRequest): unknown {
  const { status, etag } = restrictAdmins;
  return { setting_name: "default", etag, restrict_workspace_admins: { status } };
}

function restrict(request: WorkspaceRequest) {
  const { setting } = readBody(request, restriction);
  checkEtag(request, setting.etag);
  setRestriction(request, setting.restrict_workspace_admins.status);
  return { body: restrictionJson(request) };
}

/** A change names the version that it saw. The refusal carries the present one. */
function checkEtag({ workspace }: WorkspaceRequest, etag: string | undefined): void {
  const present = workspace.restrictAdmins.etag;
  if (etag === present) return;
  const info = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason: "SETTING_ETAG",
    metadata: { etag: present },
  };
  throw new DatabricksError(409, "RESOURCE_CONFLICT", "The setting was updated by someone else.", [info]);
}

function setRestriction(request: WorkspaceRequest, status: string): string {
  const etag = randomUUID();
  change(request, () => {
    request.workspace.restrictAdmins = { status, etag };
  });
  return etag;
}

function tokensJson({ workspace }: WorkspaceRequest): unknown {
  const entry = (name: string, level: string) => ({
    group_name: name,
    all_permissions: [{ permission_level: level, inherited: false }],
  });
  return {
    object_id: "/authorization/tokens",
    object_type: "tokens",
    access_control_list: [
      entry("admins", "CAN_MANAGE"),
      ...workspace.tokenPermissions.map(({ name, level }) => entry(name, level)),
    ],
  };
}
