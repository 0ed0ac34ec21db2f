import { KubernetesError } from "../../cluster/client.ts";
import { type PropertyMap, UNKNOWN } from "../protocol/types.ts";
import { isMap } from "../protocol/values.ts";
import { applyObject } from "./apply.ts";
import { metadataOf } from "./identity.ts";
import { concealSecretKind, holdsUnknown, toObject, toOutputs } from "./json.ts";
import { locate, type Session } from "./session.ts";

/**
 * What a preview tells: the API server's own dry run, which also checks the object; the inputs alone while something in them is unknown, or
 * while the namespace or the kind is still to be made. `existing`: outputs of the object that is changed; absent for a new one.
 */
export async function foretell(session: Session, inputs: PropertyMap, existing?: PropertyMap): Promise<PropertyMap> {
  const place = holdsUnknown(inputs) ? undefined : await locate(session, inputs, 0);
  if (!place) return concealSecretKind(fromInputs(inputs, existing));
  try {
    const outputs = toOutputs(await applyObject(session.client, place.path, toObject(inputs), { dryRun: true }));
    return concealSecretKind(existing ? withMetadata(outputs, { resourceVersion: UNKNOWN }) : withoutPassing(outputs));
  } catch (error) {
    // 404: its namespace does not exist yet. 422 about a fixed field: the old object is deleted first, so it is no obstacle.
    const status = error instanceof KubernetesError ? error.status : 0;
    const fixedField =
      status === 422 && error instanceof Error && /immutable|forbidden|may not change/i.test(error.message);
    if (status === 404 || fixedField) return concealSecretKind(fromInputs(inputs, existing));
    throw error;
  }
}

/** An object that is changed keeps what made it that object; of a new one that is not known. */
function fromInputs(inputs: PropertyMap, existing: PropertyMap | undefined): PropertyMap {
  const { uid = UNKNOWN, creationTimestamp = UNKNOWN } = existing ? metadataOf(existing) : {};
  return withMetadata({ ...inputs, status: UNKNOWN }, { uid, creationTimestamp, resourceVersion: UNKNOWN });
}

/** Takes out of a dry run's answer what another try would answer differently. */
function withoutPassing(outputs: PropertyMap): PropertyMap {
  const passing = { uid: UNKNOWN, resourceVersion: UNKNOWN, creationTimestamp: UNKNOWN, generation: UNKNOWN } as const;
  const fixed: PropertyMap = { ...withMetadata(outputs, passing), status: UNKNOWN };
  if (outputs.kind !== "Service" || !isMap(outputs.spec)) return fixed;
  return { ...fixed, spec: { ...outputs.spec, clusterIP: UNKNOWN, clusterIPs: UNKNOWN } };
}

function withMetadata(object: PropertyMap, metadata: PropertyMap): PropertyMap {
  return { ...object, metadata: { ...metadataOf(object), ...metadata } };
}
