import type { Hono } from "hono";
import { blankGroup } from "../graph/groups/blank.ts";
import { type Answer, seededWorld, send, type World } from "../testing.ts";
import { createAccountApp, createWorkspaceApp } from "./app.ts";
import type { DatabricksData, DatabricksWorkspace } from "./data.ts";
import { newWorkspace, principalOf } from "./life.ts";

export const NO_ONE = "99999999-9999-4999-8999-999999999999";

/** A seeded directory with one workspace, made as Azure makes it, and callers by name. */
export interface DatabricksWorld extends World {
  readonly data: DatabricksData;
  readonly workspace: DatabricksWorkspace;
  account(method: string, path: string, body?: unknown, as?: string): Promise<Answer>;
  call(method: string, path: string, body?: unknown, as?: string, headers?: Record<string, string>): Promise<Answer>;
  /** A group of Entra, by its object id. */
  group(name: string, members: readonly string[]): string;
  /** Brings a group into the account and assigns it; its number. */
  assign(objectId: string, permission?: "ADMIN" | "USER"): string;
  /** Headers by which the deployer shows its Azure role. */
  readonly azure: Record<string, string>;
}

export function databricksWorld(): DatabricksWorld {
  const world = seededWorld();
  const { store } = world.context;
  const data = store.data.databricks;
  if (data === undefined) throw new Error("The seed made no Databricks account.");
  const subscription = Object.values(store.data.armResources).find(({ type }) => type.endsWith("/subscriptions"));
  const resourceId = `${subscription?.id}/resourceGroups/rg/providers/Microsoft.Databricks/workspaces/dbw`;
  const workspace = newWorkspace(resourceId, "dbw");
  data.workspaces[workspace.id] = workspace;
  for (const key of ["ana.lima", "jon.berg", "mia.chen", "lea.ver", "gus"]) {
    const id = world.person(key);
    world.callers[key] = { objectId: id, clientId: NO_ONE, user: { id }, roles: [], scopes: ["user_impersonation"] };
  }
  const apps: Record<"account" | "workspace", Hono> = {
    account: createAccountApp(world.context),
    workspace: createWorkspaceApp(world.context),
  };
  let groups = 0;
  return {
    ...world,
    data,
    workspace,
    azure: {
      "x-databricks-azure-workspace-resource-id": resourceId,
      "x-databricks-azure-sp-management-token": "deployer",
    },
    account: (method, path, body, as) =>
      send(apps.account, method, `https://accounts.azuredatabricks.net/api/2.0${path}`, body, as),
    call: (method, path, body, as, headers = {}) =>
      send(apps.workspace, method, `https://${workspace.host}/api/2.0${path}`, body, as, {
        host: workspace.host,
        ...headers,
      }),
    group: (displayName, members) => {
      groups += 1;
      const id = `00000000-0000-4000-8000-${String(groups).padStart(12, "0")}`;
      store.data.groups[id] = blankGroup({
        id,
        displayName,
        mailNickname: displayName,
        securityEnabled: true,
        createdDateTime: "2026-01-01T00:00:00Z",
        members: [...members],
      });
      return id;
    },
    assign: (externalId, permission = "USER") => {
      const displayName = store.data.groups[externalId]?.displayName ?? "";
      const { id } = principalOf(data, { kind: "group", displayName, externalId });
      workspace.assignments[id] = permission;
      return id;
    },
  };
}
