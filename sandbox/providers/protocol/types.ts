/** Stands for a value that a preview cannot know yet. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A value that the engine encrypts in the state and hides in what it prints. */
export class Secret {
  readonly value: PropertyValue;
  constructor(value: PropertyValue) {
    this.value = value;
  }
}

export type PropertyValue =
  | null
  | boolean
  | number
  | string
  | typeof UNKNOWN
  | Secret
  | readonly PropertyValue[]
  | PropertyMap;

export interface PropertyMap {
  readonly [name: string]: PropertyValue | undefined;
}

export type ChangeKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface CheckResult {
  readonly inputs: PropertyMap;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

export interface DiffResult {
  /** Property path → what happens to it, in the engine's own path syntax (`appRoles[0].value`). Empty: no change. */
  readonly changes: Readonly<Record<string, ChangeKind>>;
  /** Whether a replacement must delete the old resource first, because the new one would have the same name. */
  readonly deleteBeforeReplace?: boolean;
}

export interface ResourceState {
  readonly id: string;
  /** What a program would have to say to get this resource. */
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

/** What the engine tells about the resource at hand. */
export interface ResourceRef {
  readonly type: string;
  readonly urn: string;
}

/**
 * A provider stand-in: what Pulumi's provider protocol asks for, in plain values. Inputs reach it with secrets unwrapped
 * (the protocol layer marks outputs secret again where the matching input was) and, in a preview, with `UNKNOWN` inside.
 */
export interface ProviderImplementation {
  /** Package name, for example `azuread`. */
  readonly name: string;
  /** Reported plugin version: the SDK's own, so that the engine does not warn. */
  readonly version: string;
  configure(config: PropertyMap): Promise<void>;
  check(ref: ResourceRef, olds: PropertyMap | undefined, news: PropertyMap): Promise<CheckResult>;
  diff(
    ref: ResourceRef,
    id: string,
    old: { inputs: PropertyMap; outputs: PropertyMap },
    news: PropertyMap,
  ): Promise<DiffResult>;
  /** In a preview nothing is created: `id` is empty and what only the cloud knows is `UNKNOWN`. */
  create(
    ref: ResourceRef,
    inputs: PropertyMap,
    options: { preview: boolean; timeoutSeconds: number },
  ): Promise<{ id: string; outputs: PropertyMap }>;
  /** The live resource, or undefined when it is gone. Used by refresh (old given) and import (old absent). */
  read(
    ref: ResourceRef,
    id: string,
    old?: { inputs: PropertyMap; outputs: PropertyMap },
  ): Promise<ResourceState | undefined>;
  update(
    ref: ResourceRef,
    id: string,
    old: { inputs: PropertyMap; outputs: PropertyMap },
    news: PropertyMap,
    options: { preview: boolean; timeoutSeconds: number },
  ): Promise<PropertyMap>;
  delete(ref: ResourceRef, id: string, outputs: PropertyMap, options: { timeoutSeconds: number }): Promise<void>;
  invoke(token: string, args: PropertyMap): Promise<PropertyMap>;
  /**
   * The id of a live resource that an interrupted create with these inputs left behind, found by its natural key (name,
   * assignment triple, ARM id); undefined when there is none. May remove a leftover that can't be taken over (a secret
   * whose value nobody has) and then answers undefined.
   */
  find(ref: ResourceRef, inputs: PropertyMap): Promise<string | undefined>;
}

/** A running stand-in. `port` goes into PULUMI_DEBUG_PROVIDERS. */
export interface ServedProvider {
  readonly name: string;
  readonly port: number;
  close(): Promise<void>;
}
