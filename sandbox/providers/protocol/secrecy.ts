import { type PropertyMap, type PropertyValue, Secret } from "./types.ts";
import { isList, isMap } from "./values.ts";

/** The same value without any secret marks, for code that only needs what is inside. */
export function reveal(map: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(map).map(([name, value]) => [name, value === undefined ? undefined : revealValue(value)]),
  );
}

function revealValue(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return revealValue(value.value);
  if (isList(value)) return value.map(revealValue);
  return isMap(value) ? reveal(value) : value;
}

/**
 * Marks each value as secret whose namesake in `like` is (or holds) a secret. Lists are marked whole: a provider may
 * answer them in another order, so that positions say nothing.
 */
export function concealLike(map: PropertyMap, like: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(map).map(([name, value]) => [
      name,
      value === undefined ? undefined : concealValue(value, like[name]),
    ]),
  );
}

function concealValue(value: PropertyValue, like: PropertyValue | undefined): PropertyValue {
  if (like === undefined || value instanceof Secret || !holdsSecret(like)) return value;
  if (isMap(value) && isMap(like)) return concealLike(value, like);
  return new Secret(value);
}

function holdsSecret(value: PropertyValue): boolean {
  if (value instanceof Secret) return true;
  if (isList(value)) return value.some(holdsSecret);
  return isMap(value) && Object.values(value).some((child) => child !== undefined && holdsSecret(child));
}
