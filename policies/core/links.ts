import type { StackSubject } from "./rule.ts";
import { elements, type Known, known } from "./values.ts";

/** What a property leads to: resources of the stack, and ids that none of them has. */
export interface Links {
  readonly resources: readonly StackSubject[];
  /** Ids that are written out and belong to no resource of the stack. */
  readonly strangers: readonly string[];
}

/** An id as another resource spells it: `/applications/<id>` and `<id>` are the same. */
export function bareId(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

function ids(subject: StackSubject, property: string): readonly string[] {
  const found = known(subject.props, property);
  const items: readonly Known[] =
    found.kind === "value" && typeof found.value === "object"
      ? elements(subject.props, property).map(({ item }) => item)
      : [found];
  return items.flatMap((item) => (item.kind === "value" && typeof item.value === "string" ? [item.value] : []));
}

/**
 * Which of `targets` a property (an id, or a list of ids) leads to: by the id that stands there, or, for a target whose own id
 * is not known yet, by the resources that the value comes from.
 *
 * @param idKeys properties of the targets that hold their ids; none where the property holds another kind of id
 */
export function linksOf(
  from: StackSubject,
  property: string,
  targets: readonly StackSubject[],
  idKeys: readonly string[] = ["objectId"],
): Links {
  const owners = new Map<string, StackSubject>();
  for (const target of targets) {
    for (const key of idKeys) for (const id of ids(target, key)) owners.set(bareId(id), target);
  }
  const named = new Set(owners.values());
  const written = ids(from, property);
  const byId = written.flatMap((id) => owners.get(bareId(id)) ?? []);
  const origins = new Set(from.dependenciesOf(property));
  const byOrigin = targets.filter((target) => !named.has(target) && origins.has(target.urn));
  return {
    resources: [...new Set([...byId, ...byOrigin])],
    strangers: written.filter((id) => !owners.has(bareId(id))),
  };
}

/** Whether a property's value is a resource's id, or comes from a resource whose id is not known yet. */
export function leadsTo(
  from: StackSubject,
  property: string,
  target: StackSubject,
  idKeys?: readonly string[],
): boolean {
  return linksOf(from, property, [target], idKeys).resources.length > 0;
}

/**
 * Whether one of the values found inside a property is a resource's id, or, while that id is not known, whether the property
 * comes from the resource. For ids that stand deeper than `linksOf` looks.
 */
export function refersTo(from: StackSubject, property: string, found: readonly Known[], target: StackSubject): boolean {
  const own = known(target.props, "id");
  const isLate = own.kind !== "value" || found.some(({ kind }) => kind === "unknown");
  if (isLate && from.dependenciesOf(property).includes(target.urn)) return true;
  if (own.kind !== "value") return false;
  const id = String(own.value).toLowerCase();
  return found.some((item) => item.kind === "value" && String(item.value).toLowerCase() === id);
}
