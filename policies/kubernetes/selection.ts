import { elements, known } from "../core/values.ts";

/** Labels that are known. */
export type Labels = ReadonlyMap<string, string>;

/** The texts of a map. */
export function labelsAt(props: unknown, path: string): Labels {
  return new Map(
    elements(props, path).flatMap(({ key, item }) =>
      item.kind === "value" ? [[key, String(item.value)] as const] : [],
    ),
  );
}

/** Whether labels choose pods: all of them stand on the pods. No labels choose none. */
export function chooses(selector: Labels, pods: Labels): boolean {
  return selector.size > 0 && [...selector].every(([key, value]) => pods.get(key) === value);
}

/** Whether a policy's selector chooses pods. Empty it chooses all; expressions, which are not evaluated, are taken to hold. */
export function policyChooses(policy: unknown, path: string, pods: Labels): boolean {
  if (known(policy, path).kind !== "value") return known(policy, path).kind === "absent";
  const labels = labelsAt(policy, `${path}.matchLabels`);
  return [...labels].every(([key, value]) => pods.get(key) === value);
}
