import { remembered } from "../core/remembered.ts";
import type { StackSubject } from "../core/rule.ts";
import { text } from "../core/values.ts";

export const namespaceType = "kubernetes:core:Namespace";

/** Name of a Namespace resource; its URN while the name is not known. */
export function ownName(namespace: StackSubject): string {
  return text(namespace.props, "metadata.name") ?? namespace.urn;
}

/**
 * The namespace that a resource is in: its name, or that of the Namespace resource which it comes from; undefined
 * where neither is known.
 */
export const namespaceOf = remembered((subject, namespaces): string | undefined => {
  const written = text(subject.props, "metadata.namespace");
  if (written !== undefined) return written;
  const origins = new Set(subject.dependenciesOf("metadata"));
  const origin = namespaces.find(({ urn }) => origins.has(urn));
  return origin === undefined ? undefined : ownName(origin);
});
