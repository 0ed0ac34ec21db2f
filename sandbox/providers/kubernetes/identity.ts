import type { PropertyMap } from "../protocol/types.ts";
import { isMap } from "../protocol/values.ts";

/** Which kind of object, and which one. */
export interface ObjectIdentity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/**
 * apiVersion and kind behind a type token: `kubernetes:apps/v1:Deployment` → `apps/v1`, `Deployment`;
 * `kubernetes:core/v1:Secret` → `v1`, `Secret`. Undefined for tokens that name no Kubernetes object (`kubernetes:helm.sh/v3:Release`).
 */
export function kindOfType(type: string): { apiVersion: string; kind: string } | undefined {
  const [, group, kind] = type.split(":");
  if (!group?.includes("/") || !kind || group.startsWith("helm.sh/") || group.startsWith("kustomize/"))
    return undefined;
  return { apiVersion: group.replace(/^core\//, ""), kind };
}

/** The resource's own name in the program: the last part of its URN. */
export function programName(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

/** `namespace/name`, or the name alone for objects that live in no namespace, as in the official provider. */
export function formatId({ namespace, name }: Pick<ObjectIdentity, "namespace" | "name">): string {
  return namespace ? `${namespace}/${name}` : name;
}

export function parseId(id: string): { namespace?: string; name: string } {
  const slash = id.indexOf("/");
  return slash < 0 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** `metadata` of an object, empty when it has none. */
export function metadataOf(object: PropertyMap): PropertyMap {
  return isMap(object.metadata) ? object.metadata : {};
}

/** A text inside `metadata`; undefined when it is missing or not known yet. */
export function metadataText(object: PropertyMap, key: string): string | undefined {
  const value = metadataOf(object)[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** An annotation's value. */
export function annotation(object: PropertyMap, key: string): string | undefined {
  const { annotations } = metadataOf(object);
  const value = isMap(annotations) ? annotations[key] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** Marks a name that the provider made up, so that later checks keep it. The official provider's own annotation. */
export const AUTONAMED = "pulumi.com/autonamed";
