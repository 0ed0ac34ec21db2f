import type { Json } from "../http/api.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { fromJson, required, text, texts } from "../read-values.ts";
import type { ResourceKind } from "../resource.ts";
import type { Connection } from "./connection.ts";
import { FIXED, FIXED_REQUIRED, TERRAFORM, TEXT } from "./schema.ts";

/** Argument → type of the securable in the API: a registered model is a function there. */
const TYPES: Readonly<Record<string, string>> = { catalog: "catalog", schema: "schema", model: "function" };

/**
 * `<argument>/<full name>/<principal>`: what one principal holds on one securable, and nothing of the others'.
 * https://docs.databricks.com/api/azure/workspace/grants
 */
export function grantKind({ workspace, workspacePath }: Connection): ResourceKind {
  const partsOf = (id: string) => {
    const [argument = "", name = "", ...principal] = id.split("/");
    return { argument, name, principal: principal.join("/") };
  };
  const idOf = (inputs: PropertyMap) => {
    const [argument, ...others] = Object.keys(TYPES).filter((key) => text(inputs[key]) !== undefined);
    if (argument === undefined || others.length > 0) throw new Error("A grant needs one securable.");
    return `${argument}/${required(inputs, argument)}/${required(inputs, "principal")}`;
  };
  const pathOf = (id: string) => {
    const { argument, name } = partsOf(id);
    return workspacePath(`/2.1/unity-catalog/permissions/${TYPES[argument]}/${name}`);
  };
  const heldBy = async (id: string): Promise<string[]> => {
    const found = await workspace.find(pathOf(id));
    const all = (found?.privilege_assignments ?? []) as Json[];
    return (all.find(({ principal }) => principal === partsOf(id).principal)?.privileges ?? []) as string[];
  };
  const settle = async (id: string, wanted: readonly string[]) => {
    const held = await heldBy(id);
    const add = wanted.filter((one) => !held.includes(one));
    const remove = held.filter((one) => !wanted.includes(one));
    if (add.length + remove.length === 0) return;
    await workspace.call("PATCH", pathOf(id), { changes: [{ principal: partsOf(id).principal, add, remove }] });
  };
  return {
    schemas: {
      ...Object.fromEntries(Object.keys(TYPES).map((argument) => [argument, FIXED])),
      principal: FIXED_REQUIRED,
      privileges: { type: "set", items: TEXT, required: true },
    },
    outputs: {},
    comparison: TERRAFORM,
    create: async (inputs, { created }) => {
      const id = idOf(inputs);
      await settle(id, texts(inputs.privileges));
      created(id);
      return id;
    },
    read: async (id) => {
      const privileges = await heldBy(id);
      if (privileges.length === 0) return undefined;
      const { argument, name, principal } = partsOf(id);
      return { id, inputs: { [argument]: name, principal, privileges: fromJson(privileges) }, outputs: {} };
    },
    update: (id, _old, news) => settle(id, texts(news.privileges)),
    delete: (id) => settle(id, []),
    find: async (inputs) => ((await heldBy(idOf(inputs))).length > 0 ? idOf(inputs) : undefined),
  };
}
