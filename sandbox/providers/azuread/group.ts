import { randomBytes } from "node:crypto";
import type { Json } from "../http/api.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { flag, fromJson, map, text, texts } from "../read-values.ts";
import type { ResourceKind } from "../resource.ts";
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

/** Properties of Microsoft 365 groups and synchronised ones: refused rather than dropped in silence. */
const NOT_HERE = [
  "administrativeUnitIds",
  "autoSubscribeNewMembers",
  "behaviors",
  "externalSendersAllowed",
  "hideFromAddressLists",
  "hideFromOutlookClients",
  "onpremisesGroupType",
  "provisioningOptions",
  "theme",
];

const pathOf = (id: string) => `/beta/groups/${objectIdOf(id, "groups")}`;

/** A group with its owners and members; `GroupWithoutMembers` leaves the members to others. All on beta, as officially. */
export function groupKind(graph: Graph, options: { readonly members: boolean }): ResourceKind {
  const { api } = graph;
  const type = options.members ? "azuread:index/group:Group" : "azuread:index/groupWithoutMembers:GroupWithoutMembers";

  return {
    ...schemaOf(type),
    comparison: TERRAFORM,
    check: (inputs) => ({
      failures: [...NOT_HERE.filter((name) => inputs[name] !== undefined).map(notHere), ...combinations(inputs)],
    }),
    preview: async (inputs, id) => {
      const displayName = text(inputs.displayName);
      if (inputs.preventDuplicateNames !== true || displayName === undefined) return;
      await refuseDuplicate(graph, "/beta/groups", "a group", displayName, id && objectIdOf(id, "groups"));
    },
    create: async (inputs, { created }) => {
      const owners = texts(inputs.owners);
      // A group is never without an owner: with none given the deployer stays the only one.
      const first = owners.length > 0 ? owners.slice(0, 20) : [await graph.callerId()];
      const body = {
        ...groupBody(inputs),
        mailNickname: text(inputs.mailNickname) ?? randomBytes(5).toString("hex"),
        groupTypes: texts(inputs.types),
        ...(inputs.assignableToRole === true && { isAssignableToRole: true }),
        "owners@odata.bind": first.map((owner) => `${GRAPH}/beta/directoryObjects/${owner}`),
      };
      const { body: group } = await api.call("POST", "/beta/groups", body);
      const id = `/groups/${String(group.id)}`;
      created(id, { objectId: String(group.id) });
      if (owners.length > first.length) await setReferences(graph, "beta", `${pathOf(id)}/owners`, owners);
      if (options.members && inputs.members !== undefined)
        await setReferences(graph, "beta", `${pathOf(id)}/members`, texts(inputs.members));
      return id;
    },
    read: async (id) => {
      const group = await api.find(pathOf(id));
      if (!group) return undefined;
      const owners = await referencedIds(graph, `${pathOf(id)}/owners`);
      const members = options.members ? { members: await referencedIds(graph, `${pathOf(id)}/members`) } : {};
      return {
        id,
        inputs: { ...groupInputs(group), owners, ...members },
        outputs: {
          objectId: String(group.id),
          mail: String(group.mail ?? ""),
          onpremisesDomainName: "",
          onpremisesNetbiosName: "",
          onpremisesSamAccountName: "",
          onpremisesSecurityIdentifier: "",
          onpremisesSyncEnabled: group.onPremisesSyncEnabled === true,
          preferredLanguage: String(group.preferredLanguage ?? ""),
          proxyAddresses: fromJson(group.proxyAddresses ?? []),
        },
      };
    },
    update: async (id, old, news) => {
      const body = groupBody(news);
      if (old.inputs.description !== undefined && body.description === undefined) body.description = null;
      if (old.inputs.dynamicMembership !== undefined && news.dynamicMembership === undefined)
        body.membershipRuleProcessingState = "Paused";
      await api.call("PATCH", pathOf(id), body);
      if (news.owners !== undefined) await setReferences(graph, "beta", `${pathOf(id)}/owners`, texts(news.owners));
      if (options.members && news.members !== undefined)
        await setReferences(graph, "beta", `${pathOf(id)}/members`, texts(news.members));
    },
    delete: async (id, _outputs, timeoutSeconds) => {
      if (await api.find(pathOf(id))) await api.call("DELETE", pathOf(id));
      await api.gone(pathOf(id), timeoutSeconds);
    },
    find: async (inputs) => {
      const displayName = text(inputs.displayName);
      if (displayName === undefined) return undefined;
      const [group] = await api.list(filter("/beta/groups", `displayName eq ${quote(displayName)}`));
      return group && `/groups/${String(group.id)}`;
    },
  };
}

function groupBody(inputs: PropertyMap): Json {
  const dynamic = inputs.dynamicMembership && map(inputs.dynamicMembership);
  const body: Json = {
    displayName: text(inputs.displayName),
    description: text(inputs.description),
    mailEnabled: flag(inputs.mailEnabled) ?? false,
    securityEnabled: flag(inputs.securityEnabled) ?? false,
    visibility: text(inputs.visibility),
    ...(dynamic && {
      membershipRule: text(dynamic.rule),
      membershipRuleProcessingState: dynamic.enabled === true ? "On" : "Paused",
    }),
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

const groupInputs = (group: Json): PropertyMap => ({
  displayName: fromJson(group.displayName),
  description: fromJson(group.description),
  mailEnabled: fromJson(group.mailEnabled),
  mailNickname: fromJson(group.mailNickname),
  securityEnabled: fromJson(group.securityEnabled),
  assignableToRole: fromJson(group.isAssignableToRole),
  types: fromJson(group.groupTypes),
  visibility: fromJson(group.visibility),
  dynamicMembership:
    typeof group.membershipRule === "string" && group.membershipRule !== ""
      ? { rule: group.membershipRule, enabled: group.membershipRuleProcessingState === "On" }
      : null,
});

const notHere = (property: string) => ({
  property,
  reason: `The sandbox's azuread provider does not take "${property}" on a group.`,
});

/** What the official provider refuses before it asks Graph. */
function combinations(inputs: PropertyMap) {
  const failures: { property: string; reason: string }[] = [];
  const refuse = (property: string, reason: string) => failures.push({ property, reason });
  const known = (name: string) => typeof inputs[name] !== "symbol";
  if (
    known("securityEnabled") &&
    known("mailEnabled") &&
    inputs.securityEnabled !== true &&
    inputs.mailEnabled !== true
  ) {
    refuse("securityEnabled", "A group must have securityEnabled or mailEnabled, or both.");
  }
  const isDynamic = texts(inputs.types).includes("DynamicMembership");
  if (known("types") && inputs.dynamicMembership !== undefined && !isDynamic) {
    refuse("types", 'A group with dynamicMembership must have "DynamicMembership" among its types.');
  }
  if (isDynamic && inputs.dynamicMembership === undefined) {
    refuse("dynamicMembership", 'A group with "DynamicMembership" among its types must have dynamicMembership.');
  }
  if (inputs.dynamicMembership !== undefined && inputs.members !== undefined) {
    refuse("members", "A group has either dynamicMembership or members.");
  }
  if (inputs.assignableToRole === true && inputs.dynamicMembership !== undefined) {
    refuse("assignableToRole", "A group that directory roles can be given to can't have dynamicMembership.");
  }
  if (inputs.assignableToRole === true && known("securityEnabled") && inputs.securityEnabled !== true) {
    refuse("assignableToRole", "Only a security group can be given directory roles.");
  }
  return failures;
}
