import type { KubernetesObject } from "../../cluster/client.ts";
import { type PropertyMap, type PropertyValue, Secret, UNKNOWN } from "../protocol/types.ts";
import { isList, isMap } from "../protocol/values.ts";

/** Whether anything inside is not known yet. */
export function holdsUnknown(value: PropertyValue | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (isList(value)) return value.some(holdsUnknown);
  return isMap(value) && Object.values(value).some(holdsUnknown);
}

/** What is sent to the API server: null and undefined fields are left out, for it would refuse or misread them. */
export function toObject(inputs: PropertyMap): KubernetesObject {
  return withoutEmptyFields(inputs) as KubernetesObject;
}

function withoutEmptyFields(value: PropertyValue): unknown {
  if (isList(value)) return value.map(withoutEmptyFields);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).filter(([, child]) => child !== undefined && child !== null);
  return Object.fromEntries(entries.map(([name, child]) => [name, withoutEmptyFields(child as PropertyValue)]));
}

/** A live object as outputs. `managedFields` stays out: it is long, changes with every writer, and no program reads it. */
export function toOutputs(object: KubernetesObject): PropertyMap {
  const { managedFields: _, ...metadata } = object.metadata ?? {};
  return { ...object, metadata } as PropertyMap;
}

/** A Secret's content is secret wherever it came from. */
export function concealSecretKind(object: PropertyMap): PropertyMap {
  if (object.kind !== "Secret" || object.apiVersion !== "v1") return object;
  const conceal = (name: "data" | "stringData") => {
    const value = object[name];
    return value === undefined || value === null || value instanceof Secret ? {} : { [name]: new Secret(value) };
  };
  return { ...object, ...conceal("data"), ...conceal("stringData") };
}
