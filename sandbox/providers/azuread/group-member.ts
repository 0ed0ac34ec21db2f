import { required, text } from "../read-values.ts";
import type { ResourceKind } from "../resource.ts";
import { credentialIdOf, type Graph, reference, referencedIds, schemaOf, TERRAFORM } from "./graph.ts";

const membersOf = (groupId: string) => `/beta/groups/${groupId}/members`;

/** One membership of one group. https://learn.microsoft.com/graph/api/group-post-members */
export function groupMemberKind(graph: Graph): ResourceKind {
  const { api } = graph;
  /** Undefined when the group is gone: then so is the membership. */
  const memberIds = async (groupId: string) =>
    (await api.find(`/beta/groups/${groupId}`)) ? referencedIds(graph, membersOf(groupId)) : undefined;

  return {
    ...schemaOf("azuread:index/groupMember:GroupMember"),
    comparison: TERRAFORM,
    create: async (inputs, { created }) => {
      const [group, member] = [required(inputs, "groupObjectId"), required(inputs, "memberObjectId")];
      const id = `${group}/member/${member}`;
      if ((await memberIds(group))?.includes(member)) {
        throw new Error(
          `The group ${group} has the member ${member} already. Import it, or let only one place add it.`,
        );
      }
      await api.call("POST", `${membersOf(group)}/$ref`, reference("beta", member), {
        retry: (status) => status === 404,
      });
      created(id);
      return id;
    },
    read: async (id) => {
      const { parent, key } = credentialIdOf(id, "member");
      if (!(await memberIds(parent))?.includes(key)) return undefined;
      return { id, inputs: { groupObjectId: parent, memberObjectId: key }, outputs: {} };
    },
    delete: async (id) => {
      const { parent, key } = credentialIdOf(id, "member");
      if ((await memberIds(parent))?.includes(key)) await api.call("DELETE", `${membersOf(parent)}/${key}/$ref`);
    },
    find: async (inputs) => {
      const [group, member] = [text(inputs.groupObjectId), text(inputs.memberObjectId)];
      if (!group || !member || !(await memberIds(group))?.includes(member)) return undefined;
      return `${group}/member/${member}`;
    },
  };
}
