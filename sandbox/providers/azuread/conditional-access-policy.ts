import { text } from "../read-values.ts";
import type { ResourceKind } from "../resource.ts";
import { policyBody } from "./conditional-access-body.ts";
import { policyFailures } from "./conditional-access-check.ts";
import { policyInputs } from "./conditional-access-inputs.ts";
import { filter, type Graph, objectIdOf, quote, schemaOf, TERRAFORM } from "./graph.ts";

const COLLECTION = "identity/conditionalAccess/policies";
const path = `/v1.0/${COLLECTION}`;
const pathOf = (id: string) => `${path}/${objectIdOf(id, COLLECTION)}`;

/** A Conditional Access policy: `POST`, `PATCH` with the whole object, `DELETE`. https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy */
export function conditionalAccessPolicyKind({ api }: Graph): ResourceKind {
  return {
    ...schemaOf("azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy"),
    comparison: TERRAFORM,
    check: (inputs) => ({ failures: policyFailures(inputs) }),
    create: async (inputs, { created }) => {
      const { body: policy } = await api.call("POST", path, policyBody(inputs));
      const id = `/${COLLECTION}/${String(policy.id)}`;
      created(id, { objectId: String(policy.id) });
      return id;
    },
    read: async (id) => {
      const policy = await api.find(pathOf(id));
      return policy && { id, inputs: policyInputs(policy), outputs: { objectId: String(policy.id) } };
    },
    update: async (id, _old, news) => {
      await api.call("PATCH", pathOf(id), policyBody(news));
    },
    delete: async (id, _outputs, timeoutSeconds) => {
      if (await api.find(pathOf(id))) await api.call("DELETE", pathOf(id));
      await api.gone(pathOf(id), timeoutSeconds);
    },
    find: async (inputs) => {
      const displayName = text(inputs.displayName);
      if (displayName === undefined) return undefined;
      const [policy] = await api.list(filter(path, `displayName eq ${quote(displayName)}`));
      return policy && `/${COLLECTION}/${String(policy.id)}`;
    },
  };
}
