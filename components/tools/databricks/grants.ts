import { Grant } from "@pulumi/databricks/grant.js";
import type * as pulumi from "@pulumi/pulumi";
import type { DatabricksGrants } from "./settings.ts";

/** One securable with a principal's privileges on it. */
export interface SecurableRights {
  readonly kind: "catalog" | "schema" | "model";
  /** Full name, such as `main.ml.churn`. */
  readonly securable: string;
  readonly privileges: readonly string[];
}

/** The rights one by one: catalogs, then schemas, then models. */
export function securableRights({ catalogs, schemas, models }: DatabricksGrants): SecurableRights[] {
  const of = (kind: SecurableRights["kind"], rights: Readonly<Record<string, readonly string[]>>) =>
    Object.entries(rights).map(([securable, privileges]) => ({ kind, securable, privileges }));
  return [...of("catalog", catalogs), ...of("schema", schemas), ...of("model", models)];
}

/**
 * Grants in Unity Catalog, one resource per securable: each settles what this principal has there and leaves the others'
 * alone.
 *
 * @param principal display name of a group, or application id of a service principal
 */
export function createGrants(
  name: string,
  args: { readonly grants: DatabricksGrants; readonly principal: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): void {
  for (const { kind, securable, privileges } of securableRights(args.grants)) {
    new Grant(
      `${name}-${kind}-${securable}`,
      { [kind]: securable, principal: args.principal, privileges: [...privileges] },
      opts,
    );
  }
}
