import type { PropertyMap, PropertyValue } from "./protocol/types.ts";
import { isList, isMap } from "./protocol/values.ts";

type Value = PropertyValue | undefined;

/** The text, or undefined when there is none. */
export const text = (value: Value): string | undefined => (typeof value === "string" ? value : undefined);
export const flag = (value: Value): boolean | undefined => (typeof value === "boolean" ? value : undefined);
export const texts = (value: Value): string[] =>
  isList(value) ? value.filter((item) => typeof item === "string") : [];
export const maps = (value: Value): PropertyMap[] => (isList(value) ? value.filter(isMap) : []);
export const map = (value: Value): PropertyMap => (isMap(value) ? value : {});

/** A text that the schema promises: checked inputs have it. */
export function required(inputs: PropertyMap, name: string): string {
  const value = inputs[name];
  if (typeof value === "string") return value;
  throw new Error(`"${name}" is not known.`);
}

/** JSON from an API as a property value; undefined properties go away. */
export const fromJson = (value: unknown): PropertyValue =>
  value === undefined ? null : (JSON.parse(JSON.stringify(value)) as PropertyValue);
