import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { roleId } from "../../../../model/ids.ts";

/** Somebody of the directory, in the roles' groups of a test. */
export interface GraphPerson {
  readonly name: string;
  readonly roles: readonly string[];
  readonly enabled?: boolean;
}

export const SERVICE_PRINCIPAL = "5f0b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a77";

/** Entra's token endpoint and what a reconciler reads of Graph: one group for each role. Anything else is 501. */
export async function startGraph(people: readonly GraphPerson[]): Promise<{ url: string; close(): Promise<void> }> {
  const roles = [...new Set(people.flatMap(({ roles }) => roles))];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://graph");
    const [status, body] = answer(request, pathname, people, roles);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function answer(
  { method, headers }: IncomingMessage,
  path: string,
  people: readonly GraphPerson[],
  roles: readonly string[],
): [number, unknown] {
  if (method === "POST" && path.endsWith("/oauth2/v2.0/token")) return [200, { access_token: "graph-token" }];
  if (headers.authorization !== "Bearer graph-token") return [401, { error: { code: "InvalidAuthenticationToken" } }];
  if (path === `/v1.0/servicePrincipals/${SERVICE_PRINCIPAL}/appRoleAssignedTo`) {
    const assigned = roles.map((role) => ({
      principalType: "Group",
      principalId: `group-${role}`,
      appRoleId: roleId("openmetadata", role),
    }));
    return [200, { value: assigned }];
  }
  const role = /^\/v1\.0\/groups\/group-(.+)\/members$/.exec(path)?.[1];
  if (role === undefined) return [501, { error: { code: "NotImplemented", message: path } }];
  const members = people.filter((person) => person.roles.includes(role)).map(userOf);
  return [200, { value: members }];
}

function userOf({ name, enabled }: GraphPerson) {
  return {
    "@odata.type": "#microsoft.graph.user",
    id: `graph-${name}`,
    displayName: name,
    // Entra keeps the case in which somebody wrote it.
    userPrincipalName: `${name.charAt(0).toUpperCase()}${name.slice(1)}@Contoso.com`,
    accountEnabled: enabled ?? true,
  };
}
