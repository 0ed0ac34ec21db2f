import { randomInt } from "node:crypto";
import type { PropertyMap } from "../protocol/types.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** The classes of characters, with the input that allows each and the one that asks for a minimum. */
const CLASSES = [
  { allowed: "lower", minimum: "minLower", characters: () => LOWER },
  { allowed: "upper", minimum: "minUpper", characters: () => UPPER },
  { allowed: "numeric", minimum: "minNumeric", characters: () => DIGITS },
  {
    allowed: "special",
    minimum: "minSpecial",
    characters: (inputs: PropertyMap) =>
      typeof inputs.overrideSpecial === "string" ? inputs.overrideSpecial : SPECIAL,
  },
] as const;

const numberOf = (inputs: PropertyMap, name: string) => (typeof inputs[name] === "number" ? inputs[name] : 0);

/** Why no text can be made from these inputs; undefined when one can. */
export function refusal(inputs: PropertyMap): { property: string; reason: string } | undefined {
  const length = numberOf(inputs, "length");
  const least = CLASSES.reduce((sum, { minimum }) => sum + numberOf(inputs, minimum), 0);
  if (typeof inputs.length === "number" && length < 1)
    return { property: "length", reason: `Length must be at least 1, got ${length}.` };
  if (typeof inputs.length === "number" && least > length)
    return { property: "length", reason: `The minimums add up to ${least}, more than the length ${length}.` };
  if (alphabetOf(inputs) === "")
    return { property: "lower", reason: "At least one class of characters must be allowed." };
  return undefined;
}

/** A random text from the operating system's own source, with at least as many of each class as asked. */
export function randomText(inputs: PropertyMap): string {
  const pick = (characters: string) => characters.charAt(randomInt(characters.length));
  const picked: string[] = CLASSES.flatMap((group) =>
    Array.from({ length: numberOf(inputs, group.minimum) }, () => pick(group.characters(inputs))),
  );
  while (picked.length < numberOf(inputs, "length")) picked.push(pick(alphabetOf(inputs)));
  return shuffle(picked).join("");
}

const alphabetOf = (inputs: PropertyMap) =>
  CLASSES.filter(({ allowed }) => inputs[allowed] !== false)
    .map((group) => group.characters(inputs))
    .join("");

function shuffle(items: string[]): string[] {
  for (let index = items.length - 1; index > 0; index--) {
    const other = randomInt(index + 1);
    [items[index], items[other]] = [items[other] ?? "", items[index] ?? ""];
  }
  return items;
}
