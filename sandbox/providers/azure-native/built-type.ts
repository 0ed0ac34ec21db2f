import type { Json } from "../http/api.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { required } from "../read-values.ts";
import type { PropertySchemas } from "../schema/types.ts";
import { segmentsOf } from "./arm.ts";
import type { ArmType } from "./kind.ts";
import { groupPath, IDENTITY, PARENT, pick, properties } from "./types.ts";

/** A resource type whose inputs stand in ARM's body under their own names. */
export interface BuiltType {
  readonly apiVersion: string;
  /** For example `Microsoft.Network`. */
  readonly provider: string;
  /** The collections down to the resource's own, each with the input that names its member. */
  readonly path: readonly (readonly [collection: string, input: string])[];
  /** Inputs that ARM has under `properties`. */
  readonly own: PropertySchemas;
  /** Inputs that ARM has beside `properties`: sku, identity, tags. */
  readonly beside?: PropertySchemas;
  /** Of `own`, those that are never read back. */
  readonly writeOnly?: readonly string[];
  /** What ARM adds under `properties`. @default provisioningState */
  readonly outputs?: readonly string[];
  readonly located?: boolean;
  /** Makes ARM's form of single inputs, where azure-native's is another one. */
  readonly encode?: Readonly<Record<string, (value: PropertyMap[string]) => unknown>>;
  /** Makes azure-native's form of what ARM answers. */
  readonly decode?: Readonly<Record<string, (value: unknown) => PropertyMap[string]>>;
  readonly more?: Partial<Pick<ArmType, "always" | "deleteBy" | "nestedOutputs">>;
}

/** The type with its id, body and reading as they follow from the names. */
export function builtType(built: BuiltType): ArmType {
  const { apiVersion, provider, path, own, beside = {}, outputs = ["provisioningState"], located = false } = built;
  const { encode = {}, decode = {}, writeOnly = [], more = {} } = built;
  const nameInput = path.at(-1)?.[1] ?? "";
  const parents = path.slice(0, -1).map(([, input]) => input);
  const names = Object.keys(own);
  const besides = Object.keys(beside);
  const encoded = (inputs: PropertyMap, wanted: readonly string[]): Json =>
    Object.fromEntries(wanted.map((name) => [name, encode[name]?.(inputs[name]) ?? inputs[name]]));
  const decoded = (source: Json, wanted: readonly string[]): PropertyMap => {
    const plain = pick(source, wanted);
    const changed = wanted.flatMap((name) => (decode[name] ? [[name, decode[name](source[name])]] : []));
    return { ...plain, ...Object.fromEntries(changed) };
  };
  return {
    apiVersion,
    schemas: {
      ...(located && { location: IDENTITY }),
      resourceGroupName: PARENT,
      ...Object.fromEntries(parents.map((input) => [input, PARENT])),
      [nameInput]: IDENTITY,
      ...own,
      ...beside,
    },
    outputs,
    nameInput,
    idInputs: ["resourceGroupName", ...parents, nameInput],
    located,
    id: (inputs, subscriptionId) =>
      `${groupPath(inputs, subscriptionId)}/providers/${provider}/${path
        .map(([collection, input]) => `${collection}/${required(inputs, input)}`)
        .join("/")}`,
    inputsOfId: (id) => {
      const segments = segmentsOf(id);
      return {
        resourceGroupName: segments.resourcegroups,
        ...Object.fromEntries(path.map(([collection, input]) => [input, segments[collection.toLowerCase()]])),
      };
    },
    body: (inputs) => ({ properties: encoded(inputs, names), ...encoded(inputs, besides) }),
    live: (resource) => ({
      inputs: {
        ...decoded(
          properties(resource),
          names.filter((name) => !writeOnly.includes(name)),
        ),
        ...decoded(resource, besides),
      },
      outputs: pick(properties(resource), outputs),
    }),
    ...more,
  };
}

/** A list whose entries hold their own properties one level down in ARM: `{name, a}` ⇄ `{name, properties: {a}}`. */
export const nested = {
  encode: (value: PropertyMap[string]): unknown =>
    Array.isArray(value)
      ? value.map((entry) => {
          const { name, ...rest } = entry as PropertyMap;
          return { name, properties: rest };
        })
      : undefined,
  decode: (value: unknown): PropertyMap[string] =>
    Array.isArray(value)
      ? value.map((entry) => {
          const { name, properties: inner } = entry as Json;
          return { name, ...(inner as PropertyMap) } as PropertyMap;
        })
      : undefined,
};
