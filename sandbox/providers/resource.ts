import { isDeepStrictEqual } from "node:util";
import { PartialFailure } from "./protocol/errors.ts";
import {
  type PropertyMap,
  type PropertyValue,
  type ProviderImplementation,
  type ResourceRef,
  Secret,
  UNKNOWN,
} from "./protocol/types.ts";
import { isMap } from "./protocol/values.ts";
import { map } from "./read-values.ts";
import { checkInputs } from "./schema/check.ts";
import { diffInputs } from "./schema/diff.ts";
import { inputsFromLive } from "./schema/refresh.ts";
import type { Comparison, PropertySchemas } from "./schema/types.ts";

/** A live resource as its kind reads it. */
export interface Live {
  readonly id: string;
  /** Input properties that can be read back, defaults included. Null and absent mean that there is none. */
  readonly inputs: PropertyMap;
  /** The other outputs. */
  readonly outputs: PropertyMap;
}

export interface Inputs {
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

export interface Creation {
  /** Says that the resource is there, so that a later failure leaves it in the state. */
  created(id: string, outputs?: PropertyMap): void;
  readonly timeoutSeconds: number;
}

/** One resource type of a stand-in: its schema and its requests. The rest is the same for all (`implement`). */
export interface ResourceKind {
  readonly schemas: PropertySchemas;
  /** Outputs that are no inputs; `secret` ones are marked so wherever they appear. */
  readonly outputs: Readonly<Record<string, { readonly secret?: boolean }>>;
  readonly comparison: Comparison;
  /** Outputs that a change of an input makes unknown until it is applied. */
  readonly follows?: Readonly<Record<string, readonly string[]>>;
  /** Inside an input that is an object: what only the cloud says there, and whether an update leaves it as it is. */
  readonly nestedOutputs?: Readonly<Record<string, Readonly<Record<string, "stable" | "changing">>>>;
  /** Whether the replacement can't be made while the old one is there, because both would have the same name. */
  deleteBeforeReplace?(olds: PropertyMap, news: PropertyMap): boolean;
  /** Adds names that the program left out, and problems that take more than the schema to see. */
  check?(
    inputs: PropertyMap,
    ref: ResourceRef,
    olds: PropertyMap | undefined,
  ): {
    readonly inputs?: PropertyMap;
    readonly failures: readonly { property: string; reason: string }[];
  };
  /** What the official provider already asks Microsoft in a preview; throws when it would refuse. */
  preview?(inputs: PropertyMap, id: string | undefined): Promise<void>;
  create(inputs: PropertyMap, creation: Creation): Promise<string>;
  read(id: string, old: Inputs | undefined): Promise<Live | undefined>;
  update?(id: string, old: Inputs, news: PropertyMap): Promise<void>;
  delete(id: string, outputs: PropertyMap, timeoutSeconds: number): Promise<void>;
  find(inputs: PropertyMap): Promise<string | undefined>;
}

export type InvokeFunction = (args: PropertyMap) => Promise<PropertyMap>;

export interface ProviderParts {
  readonly name: string;
  readonly version: string;
  readonly kinds: Readonly<Record<string, ResourceKind>>;
  readonly functions?: Readonly<Record<string, InvokeFunction>>;
  configure?(config: PropertyMap): Promise<void>;
}

/** Builds a stand-in from its resource kinds and functions. */
export function implement({ name, version, kinds, functions = {}, configure }: ProviderParts): ProviderImplementation {
  const kindOf = (ref: ResourceRef): ResourceKind => {
    const kind = kinds[ref.type];
    if (kind) return kind;
    throw new Error(
      `The sandbox's ${name} provider has no resource type "${ref.type}". It has: ${Object.keys(kinds).sort().join(", ")}.`,
    );
  };
  return {
    name,
    version,
    configure: async (config) => configure?.(config),
    check: async (ref, olds, news) => {
      const kind = kindOf(ref);
      const checked = checkInputs(kind.schemas, news);
      if (!kind.check || checked.failures.length > 0) return checked;
      const more = kind.check(checked.inputs, ref, olds);
      return { inputs: more.inputs ?? checked.inputs, failures: more.failures };
    },
    diff: async (ref, _id, old, news) => {
      const kind = kindOf(ref);
      const changes = diffInputs(kind.schemas, old.inputs, news, kind.comparison);
      return { changes, deleteBeforeReplace: kind.deleteBeforeReplace?.(old.inputs, news) === true };
    },
    create: async (ref, inputs, { preview, timeoutSeconds }) => {
      const kind = kindOf(ref);
      await kind.preview?.(inputs, undefined);
      if (preview) return { id: "", outputs: markSecrets(kind, plannedOutputs(kind, inputs)) };
      let made: { id: string; outputs: PropertyMap } | undefined;
      const created: Creation["created"] = (id, outputs = {}) => {
        made = { id, outputs };
      };
      try {
        const id = await kind.create(inputs, { created, timeoutSeconds });
        const live = await kind.read(id, { inputs, outputs: made?.outputs ?? {} });
        if (!live) throw new Error(`${ref.type} ${id} was created and is not there any more.`);
        return { id: live.id, outputs: markSecrets(kind, liveOutputs(inputs, live)) };
      } catch (error) {
        if (!made) throw error;
        throw new PartialFailure(made.id, markSecrets(kind, { ...inputs, ...made.outputs }), error);
      }
    },
    read: async (ref, id, old) => {
      const kind = kindOf(ref);
      const live = await kind.read(id, old);
      if (!live) return undefined;
      const inputs = inputsFromLive(
        kind.schemas,
        old ? drifted(live.inputs, old) : live.inputs,
        old?.inputs,
        kind.comparison,
      );
      return { id: live.id, inputs, outputs: markSecrets(kind, liveOutputs(inputs, live)) };
    },
    update: async (ref, id, old, news, { preview }) => {
      const kind = kindOf(ref);
      await kind.preview?.(news, id);
      if (preview) return markSecrets(kind, changedOutputs(kind, old, news));
      if (!kind.update) throw new Error(`${ref.type} cannot be changed in place.`);
      await kind.update(id, old, news);
      const live = await kind.read(id, { inputs: news, outputs: old.outputs });
      if (!live) throw new Error(`${ref.type} ${id} is gone. Run "up --refresh" to make it anew.`);
      return markSecrets(kind, liveOutputs(news, live));
    },
    delete: async (ref, id, outputs, { timeoutSeconds }) => kindOf(ref).delete(id, outputs, timeoutSeconds),
    invoke: async (token, args) => {
      const run = functions[token];
      if (run) return run(args);
      throw new Error(
        `The sandbox's ${name} provider has no function "${token}". It has: ${Object.keys(functions).sort().join(", ") || "none"}.`,
      );
    },
    find: async (ref, inputs) => kindOf(ref).find(inputs),
  };
}

function markSecrets(kind: ResourceKind, outputs: PropertyMap): PropertyMap {
  const isSecret = (name: string) => kind.outputs[name]?.secret === true;
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      isSecret(name) && value !== undefined ? new Secret(value) : value,
    ]),
  );
}

/** Everything that only the cloud can say is unknown before the resource exists. */
function plannedOutputs(kind: ResourceKind, inputs: PropertyMap): PropertyMap {
  const outputs: Record<string, PropertyValue | undefined> = { ...inputs };
  for (const [name, schema] of Object.entries(kind.schemas))
    if (schema.computed && inputs[name] === undefined) outputs[name] = UNKNOWN;
  for (const name of Object.keys(kind.outputs)) outputs[name] = UNKNOWN;
  return withNested(kind, outputs, () => UNKNOWN);
}

function changedOutputs(kind: ResourceKind, old: Inputs, news: PropertyMap): PropertyMap {
  const kept = Object.entries(old.outputs).filter(([name]) => !(name in kind.schemas) || kind.schemas[name]?.computed);
  const outputs: Record<string, PropertyValue | undefined> = { ...Object.fromEntries(kept), ...news };
  const changes = diffInputs(kind.schemas, old.inputs, news, kind.comparison);
  for (const path of Object.keys(changes)) {
    const [name = ""] = path.split(/[.[]/);
    for (const follower of kind.follows?.[name] ?? []) outputs[follower] = UNKNOWN;
  }
  return withNested(kind, outputs, (name, inner, change) =>
    change === "stable" ? map(old.outputs[name])[inner] : UNKNOWN,
  );
}

/** Puts into object outputs what only the cloud says there, so that a program that reads it sees it coming. */
function withNested(
  kind: ResourceKind,
  outputs: PropertyMap,
  fill: (name: string, inner: string, change: "stable" | "changing") => PropertyValue | undefined,
): PropertyMap {
  const completed = Object.entries(kind.nestedOutputs ?? {}).flatMap(([name, names]) => {
    const value = outputs[name];
    if (!isMap(value)) return [];
    const inner = Object.entries(names).map(([key, change]) => [key, fill(name, key, change)]);
    return [[name, { ...Object.fromEntries(inner), ...value }]];
  });
  return { ...outputs, ...Object.fromEntries(completed) };
}

/**
 * The live inputs without those that are as the state knows them. What the cloud wrote in its own way from the start
 * (a role definition's id with the subscription in front) is no drift.
 */
function drifted(live: PropertyMap, old: Inputs): PropertyMap {
  const isAsBefore = (name: string) => name in old.inputs && isDeepStrictEqual(live[name], old.outputs[name]);
  return Object.fromEntries(Object.entries(live).filter(([name]) => !isAsBefore(name)));
}

/** The live values, and what can't be read back as the program gave it. */
function liveOutputs(inputs: PropertyMap, live: Live): PropertyMap {
  const readable = Object.entries(live.inputs).filter(([, value]) => value !== null && value !== undefined);
  const unreadable = Object.entries(inputs).filter(([name]) => !(name in live.inputs));
  return { ...Object.fromEntries(unreadable), ...Object.fromEntries(readable), ...live.outputs };
}
