import type { Api, Json } from "../http/api.ts";
import type { Locks } from "../locks.ts";
import type { PropertySchemas } from "../schema/types.ts";
import table from "./schema.json" with { type: "json" };

/** What every azuread resource works with. */
export interface Graph {
  readonly api: Api;
  /** Object id of the deployer: Graph makes it the first owner of what it creates. */
  readonly callerId: () => Promise<string>;
  /** Changes of one application run one after the other, as the official provider does. */
  readonly locks: Locks;
}

export const GRAPH = "https://graph.microsoft.com";

/** The official provider is built on Terraform, which can't tell false, "" and [] from absent. */
export const TERRAFORM = { zeroIsUnset: true } as const;

type Table = Record<string, { inputs: PropertySchemas; outputs: Record<string, { secret?: boolean }> }>;

/** Inputs and outputs of a resource type, from the reduced schema of the official provider. */
export function schemaOf(type: string) {
  const entry = (table.resources as unknown as Table)[type];
  if (!entry) throw new Error(`No schema for ${type}.`);
  return { schemas: entry.inputs, outputs: entry.outputs };
}

export const quote = (value: string) => `'${value.replaceAll("'", "''")}'`;
export const filter = (path: string, expression: string) => `${path}?$filter=${encodeURIComponent(expression)}`;

/** The object id in a resource id such as `/groups/<object id>`; throws when it has another form. */
export function objectIdOf(id: string, collection: string): string {
  const objectId = id.startsWith(`/${collection}/`) ? id.slice(collection.length + 2) : "";
  if (objectId === "" || objectId.includes("/"))
    throw new Error(`"${id}" is no resource id of the form /${collection}/<object id>.`);
  return objectId;
}

/** The parts of a credential's id, `<parent object id>/<kind>/<key>`. */
export function credentialIdOf(id: string, kind: string): { parent: string; key: string } {
  const [parent, found, key, ...rest] = id.split("/");
  if (!parent || !key || found !== kind || rest.length > 0)
    throw new Error(`"${id}" is no resource id of the form <object id>/${kind}/<id>.`);
  return { parent, key };
}

/** Ids of a collection of references (owners, members). */
export async function referencedIds(graph: Graph, path: string): Promise<string[]> {
  return (await graph.api.list(path)).map((item) => String(item.id));
}

export const reference = (version: "v1.0" | "beta", objectId: string): Json => ({
  "@odata.id": `${GRAPH}/${version}/directoryObjects/${objectId}`,
});

/**
 * Makes a collection of references the wanted one. Adds before it removes: Graph refuses to take the last owner away.
 */
export async function setReferences(
  graph: Graph,
  version: "v1.0" | "beta",
  path: string,
  wanted: readonly string[],
): Promise<void> {
  const current = await referencedIds(graph, path);
  for (const id of wanted.filter((id) => !current.includes(id))) {
    await graph.api.call("POST", `${path}/$ref`, reference(version, id), { retry: (status) => status === 404 });
  }
  for (const id of current.filter((id) => !wanted.includes(id))) await graph.api.call("DELETE", `${path}/${id}/$ref`);
}

/** Refuses a second object of the same name, for those who set `preventDuplicateNames`. */
export async function refuseDuplicate(
  graph: Graph,
  collection: string,
  kind: string,
  displayName: string,
  ownId: string | undefined,
) {
  const namesakes = await graph.api.list(filter(collection, `displayName eq ${quote(displayName)}`));
  const other = namesakes.find(({ id }) => id !== ownId);
  if (!other) return;
  throw new Error(
    `There is already ${kind} with the name "${displayName}" (object id ${String(other.id)}), and preventDuplicateNames is set.`,
  );
}
