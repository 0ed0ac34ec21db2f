import { type Answer, NOWHERE, seededWorld, send, type World } from "../testing.ts";
import { createGraphApp } from "./app.ts";

export interface GraphWorld extends World {
  /** Sends to `https://graph.microsoft.com`; a path without a version goes to v1.0. */
  graph(method: string, path: string, body?: unknown, as?: string, headers?: Record<string, string>): Promise<Answer>;
  readonly app: ReturnType<typeof createGraphApp>;
}

export function graphWorld(): GraphWorld {
  const world = seededWorld();
  const app = createGraphApp(world.context);
  world.callers.admin = {
    objectId: NOWHERE,
    clientId: NOWHERE,
    roles: ["Directory.ReadWrite.All", "Application.ReadWrite.All", "User.ReadWrite.All"],
    scopes: [],
  };
  world.callers.ana = {
    objectId: world.person("ana.lima"),
    clientId: NOWHERE,
    user: { id: world.person("ana.lima") },
    roles: [],
    scopes: ["User.Read", "openid"],
  };
  world.callers.stranger = { objectId: NOWHERE, clientId: NOWHERE, roles: [], scopes: [] };
  return {
    ...world,
    app,
    graph: (method, path, body, as, headers) => {
      const versioned = /^\/(v\d\.\d|beta|oidc)\//.test(path) ? path : `/v1.0${path}`;
      return send(app, method, `https://graph.microsoft.com${versioned}`, body, as, headers);
    },
  };
}

export const reference = (id: string) => ({ "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${id}` });

export const securityGroup = (displayName: string, more: Record<string, unknown> = {}) => ({
  displayName,
  mailEnabled: false,
  mailNickname: displayName,
  securityEnabled: true,
  ...more,
});

export const appRole = (id: string, value: string, more: Record<string, unknown> = {}) => ({
  id,
  value,
  displayName: value,
  description: `${value} role`,
  allowedMemberTypes: ["User"],
  isEnabled: true,
  ...more,
});
