import * as pulumi from "@pulumi/pulumi";
import { BREAK_GLASS, type ReferenceKind, readReference } from "../../../model/conditional-access/declared.ts";

/** What references stand for once everything is made: kind → key → id. */
export type ReferenceTargets = Readonly<Record<ReferenceKind, Readonly<Record<string, pulumi.Input<string>>>>>;

/** The key of the break-glass group among the teams. */
export const BREAK_GLASS_KEY = readReference(BREAK_GLASS)?.key ?? "";

/**
 * The ids that a policy's list stands for; undefined for an empty one, since Graph gives "no condition" back and not a list.
 * @throws pulumi.RunError for a reference to what the stack does not make
 */
export function resolved(
  list: readonly string[],
  targets: ReferenceTargets,
): pulumi.Input<pulumi.Input<string>[]> | undefined {
  return list.length === 0 ? undefined : list.map((text) => resolvedOne(text, targets));
}

/** The id that one reference stands for; ids and Entra's own words stand for themselves. */
export function resolvedOne(text: string, targets: ReferenceTargets): pulumi.Input<string> {
  const found = readReference(text);
  if (found === undefined) return text;
  const id = targets[found.kind][found.key];
  if (id === undefined)
    throw new pulumi.RunError(
      `A Conditional Access policy names the ${found.kind} "${found.key}", which the stack does not make.`,
    );
  return id;
}
