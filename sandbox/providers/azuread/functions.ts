import type { Json } from "../http/api.ts";
import type { PropertyMap, PropertyValue } from "../protocol/types.ts";
import { fromJson, text, texts } from "../read-values.ts";
import type { InvokeFunction } from "../resource.ts";
import { filter, type Graph, quote, referencedIds } from "./graph.ts";
import { principalOutputs } from "./service-principal.ts";

/** Client ids of Microsoft's own applications, the same in every tenant; those that a data platform meets. */
const PUBLISHED_APP_IDS = {
  AzureKeyVault: "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
  AzureServiceManagement: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
  AzureStorage: "e406a681-f3d4-42a8-90b6-c2b029497af1",
  MicrosoftGraph: "00000003-0000-0000-c000-000000000000",
  Office365ExchangeOnline: "00000002-0000-0ff1-ce00-000000000000",
  Office365SharePointOnline: "00000003-0000-0ff1-ce00-000000000000",
};

/** Which property of a user each argument of getUser and getUsers speaks of. */
const USER_KEYS = [
  { one: "userPrincipalName", many: "userPrincipalNames", property: "userPrincipalName" },
  { one: "objectId", many: "objectIds", property: "id" },
  { one: "mail", many: "mails", property: "mail" },
  { one: "mailNickname", many: "mailNicknames", property: "mailNickname" },
  { one: "employeeId", many: "employeeIds", property: "employeeId" },
] as const;

export function azureadFunctions(
  graph: Graph,
  tenantId: string,
  clientId: string,
): Readonly<Record<string, InvokeFunction>> {
  const { api } = graph;

  async function single(collection: string, what: string, property: string, value: string): Promise<Json> {
    const found =
      property === "id"
        ? [await api.find(`${collection}/${encodeURIComponent(value)}`)].filter((item) => item !== undefined)
        : await api.list(filter(collection, `${property} eq ${quote(value)}`));
    const [first, second] = found;
    if (second)
      throw new Error(`There is more than one ${what} with ${property} "${value}". Name it by its object id.`);
    if (!first) throw new Error(`There is no ${what} with ${property} "${value}".`);
    return first;
  }

  const functions: Readonly<Record<string, InvokeFunction>> = {
    getUser: async (args: PropertyMap) => {
      const key = USER_KEYS.find(({ one }) => text(args[one]));
      if (!key) throw new Error("getUser needs one of userPrincipalName, objectId, mail, mailNickname or employeeId.");
      const user = await single("/v1.0/users", "user", key.property, text(args[key.one]) ?? "");
      const { id, ...rest } = fromJson(user) as Record<string, PropertyValue>;
      return { ...rest, id: `/users/${String(id)}`, objectId: id };
    },
    getUsers: async (args: PropertyMap) => {
      const key = USER_KEYS.find(({ many }) => args[many] !== undefined);
      if (!key && args.returnAll !== true)
        throw new Error(
          "getUsers needs one of userPrincipalNames, objectIds, mails, mailNicknames or employeeIds, or returnAll.",
        );
      const wanted = key ? texts(args[key.many]) : [];
      const asked = key
        ? await Promise.all(
            wanted.map((value) => single("/v1.0/users", "user", key.property, value).catch(orMissing(args))),
          )
        : await api.list("/v1.0/users");
      const users = asked.filter((user) => user !== undefined);
      const column = (property: string) =>
        users.map((user) => fromJson(user[property])).filter((value) => value !== null);
      return {
        id: `users#${wanted.join(",")}`,
        ignoreMissing: args.ignoreMissing === true,
        returnAll: args.returnAll === true,
        objectIds: column("id"),
        userPrincipalNames: column("userPrincipalName"),
        mails: column("mail"),
        mailNicknames: column("mailNickname"),
        employeeIds: column("employeeId"),
        users: users.map(
          ({ id, accountEnabled, displayName, employeeId, mail, mailNickname, userPrincipalName, usageLocation }) => ({
            objectId: String(id),
            accountEnabled: accountEnabled !== false,
            displayName: String(displayName ?? ""),
            employeeId: String(employeeId ?? ""),
            mail: String(mail ?? ""),
            mailNickname: String(mailNickname ?? ""),
            userPrincipalName: String(userPrincipalName ?? ""),
            usageLocation: String(usageLocation ?? ""),
          }),
        ),
      };
    },
    getGroup: async (args: PropertyMap) => {
      const objectId = text(args.objectId);
      const group = await single(
        "/beta/groups",
        "group",
        objectId ? "id" : "displayName",
        objectId ?? text(args.displayName) ?? text(args.mailNickname) ?? "",
      );
      for (const name of ["securityEnabled", "mailEnabled"]) {
        if (args[name] !== undefined && args[name] !== group[name])
          throw new Error(`The group "${String(group.displayName)}" has ${name} ${String(group[name])}.`);
      }
      const path = `/beta/groups/${String(group.id)}`;
      const rule = text(fromJson(group.membershipRule));
      return {
        id: `/groups/${String(group.id)}`,
        objectId: String(group.id),
        displayName: fromJson(group.displayName),
        description: String(group.description ?? ""),
        assignableToRole: group.isAssignableToRole === true,
        mailEnabled: group.mailEnabled === true,
        mailNickname: fromJson(group.mailNickname),
        securityEnabled: group.securityEnabled === true,
        types: fromJson(group.groupTypes ?? []),
        visibility: String(group.visibility ?? ""),
        dynamicMemberships: rule ? [{ rule, enabled: group.membershipRuleProcessingState === "On" }] : [],
        includeTransitiveMembers: args.includeTransitiveMembers === true,
        members: await referencedIds(
          graph,
          args.includeTransitiveMembers === true ? `${path}/transitiveMembers` : `${path}/members`,
        ),
        owners: await referencedIds(graph, `${path}/owners`),
      };
    },
    getServicePrincipal: async (args: PropertyMap) => {
      const [property, argument] = args.clientId
        ? ["appId", "clientId"]
        : args.objectId
          ? ["id", "objectId"]
          : ["displayName", "displayName"];
      const principal = await single(
        "/v1.0/servicePrincipals",
        "service principal",
        property ?? "",
        text(args[argument ?? ""]) ?? "",
      );
      return {
        ...principalOutputs(principal),
        id: `/servicePrincipals/${String(principal.id)}`,
        clientId: String(principal.appId),
        accountEnabled: principal.accountEnabled !== false,
        appRoleAssignmentRequired: principal.appRoleAssignmentRequired === true,
        description: String(principal.description ?? ""),
        tags: fromJson(principal.tags ?? []),
      };
    },
    getClientConfig: async () => {
      const objectId = await graph.callerId();
      return { id: `${tenantId}-${clientId}-${objectId}`, tenantId, clientId, objectId };
    },
    getApplicationPublishedAppIds: async () => ({ id: "appIds", result: PUBLISHED_APP_IDS }),
  };
  return Object.fromEntries(Object.entries(functions).map(([name, run]) => [`azuread:index/${name}:${name}`, run]));
}

/** With `ignoreMissing` a user who is not there is left out; otherwise it is an error, as officially. */
function orMissing(args: PropertyMap) {
  return (error: unknown): undefined => {
    const isMissing = error instanceof Error && error.message.startsWith("There is no user");
    if (args.ignoreMissing !== true || !isMissing) throw error;
  };
}
