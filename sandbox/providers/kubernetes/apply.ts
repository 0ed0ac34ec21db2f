import { type KubernetesClient, KubernetesError, type KubernetesObject } from "../../cluster/client.ts";

/** Name under which the sandbox's stand-in owns fields. */
export const FIELD_MANAGER = "pulumi-kubernetes";

/** These owned fields before server-side apply was used; the official provider takes over from them unasked. */
const FORERUNNERS = new Set(["kubectl-client-side-apply", "before-first-apply"]);

/** Asks for force in every conflict. The official provider's own annotation. */
export const PATCH_FORCE = "pulumi.com/patchForce";

export interface ApplyOptions {
  /** Only tells what would come of it. */
  readonly dryRun?: boolean;
}

/**
 * Server-side apply: makes the object or changes it, whichever is needed. Fields that this manager set before and does not name any more
 * are removed.
 * @throws Error naming the other managers when they own a field with another value.
 */
export async function applyObject(
  client: KubernetesClient,
  path: string,
  object: KubernetesObject,
  options: ApplyOptions = {},
): Promise<KubernetesObject> {
  const force = object.metadata?.annotations?.[PATCH_FORCE] === "true";
  try {
    return await patch(client, path, object, force, options);
  } catch (error) {
    const conflicts = fieldConflicts(error);
    if (conflicts.length === 0) throw error;
    if (conflicts.every(({ manager }) => FORERUNNERS.has(manager))) return patch(client, path, object, true, options);
    throw new Error(describeConflicts(object, conflicts));
  }
}

function patch(
  client: KubernetesClient,
  path: string,
  object: KubernetesObject,
  force: boolean,
  options: ApplyOptions,
): Promise<KubernetesObject> {
  return client.request("PATCH", path, {
    query: {
      fieldManager: FIELD_MANAGER,
      fieldValidation: "Strict",
      ...(force ? { force: "true" } : {}),
      ...(options.dryRun ? { dryRun: "All" } : {}),
    },
    contentType: "application/apply-patch+yaml",
    body: object,
  });
}

export interface FieldConflict {
  readonly manager: string;
  readonly field: string;
}

/** The fields that others own, from the API server's refusal; empty when it refused for another reason. */
export function fieldConflicts(error: unknown): FieldConflict[] {
  if (!(error instanceof KubernetesError) || error.status !== 409) return [];
  return error.causes
    .filter(({ reason }) => reason === "FieldManagerConflict")
    .map(({ field, message }) => ({
      field: field ?? "",
      manager: /conflict with "([^"]*)"/.exec(message ?? "")?.[1] ?? "another manager",
    }));
}

function describeConflicts(object: KubernetesObject, conflicts: readonly FieldConflict[]): string {
  const name = [object.metadata?.namespace, object.metadata?.name].filter(Boolean).join("/");
  const fields = conflicts.map(({ field, manager }) => `${field} (owned by "${manager}")`).join(", ");
  return (
    `${object.kind} ${name}: other managers own fields that the program sets to other values: ${fields}. ` +
    `Leave these fields out of the program, or take them over with the annotation ${PATCH_FORCE}: "true".`
  );
}
