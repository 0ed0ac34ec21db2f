import { fromJson, text, texts } from "../read-values.ts";
import type { ResourceKind } from "../resource.ts";
import { filter, type Graph, objectIdOf, quote, schemaOf, TERRAFORM } from "./graph.ts";

const COLLECTION = "policies/authenticationStrengthPolicies";
const path = `/v1.0/${COLLECTION}`;
const pathOf = (id: string) => `${path}/${objectIdOf(id, COLLECTION)}`;

/** An authentication strength of the tenant's own. https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy */
export function authenticationStrengthKind({ api }: Graph): ResourceKind {
  return {
    ...schemaOf("azuread:index/authenticationStrengthPolicy:AuthenticationStrengthPolicy"),
    comparison: TERRAFORM,
    create: async (inputs, { created }) => {
      const { body: strength } = await api.call("POST", path, {
        displayName: text(inputs.displayName),
        description: text(inputs.description) ?? "",
        allowedCombinations: texts(inputs.allowedCombinations),
      });
      const id = `/${COLLECTION}/${String(strength.id)}`;
      created(id);
      return id;
    },
    read: async (id) => {
      const strength = await api.find(pathOf(id));
      if (!strength) return undefined;
      const { displayName, description, allowedCombinations } = strength;
      return {
        id,
        inputs: {
          displayName: fromJson(displayName),
          description: fromJson(description),
          allowedCombinations: fromJson(allowedCombinations),
        },
        outputs: {},
      };
    },
    // Combinations have an action of their own.
    update: async (id, old, news) => {
      await api.call("PATCH", pathOf(id), {
        displayName: text(news.displayName),
        description: text(news.description) ?? "",
      });
      const [before, after] = [old.inputs, news].map((inputs) => texts(inputs.allowedCombinations).sort().join(";"));
      if (before === after) return;
      await api.call("POST", `${pathOf(id)}/updateAllowedCombinations`, {
        allowedCombinations: texts(news.allowedCombinations),
      });
    },
    delete: async (id, _outputs, timeoutSeconds) => {
      if (await api.find(pathOf(id))) await api.call("DELETE", pathOf(id));
      await api.gone(pathOf(id), timeoutSeconds);
    },
    find: async (inputs) => {
      const displayName = text(inputs.displayName);
      if (displayName === undefined) return undefined;
      const [strength] = await api.list(filter(path, `displayName eq ${quote(displayName)}`));
      return strength && `/${COLLECTION}/${String(strength.id)}`;
    },
  };
}
