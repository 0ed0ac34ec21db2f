import type { GridEntry } from "./grid.ts";
import type { PlayedConditions } from "./played.ts";

/** Sets of conditions in words: what their entries have in common and all other entries of the grid have not. */

type Axis = "place" | "device" | "client" | "flow" | "platform" | "risk" | "user-risk" | "insider-risk";

/** What somebody who says nothing is taken to have; that is not worth a word. */
const ORDINARY: Readonly<Record<Exclude<Axis, "place">, string>> = {
  device: "unmanaged",
  client: "browser",
  flow: "none",
  platform: "windows",
  risk: "none",
  "user-risk": "none",
  "insider-risk": "none",
};

const AXES = Object.keys(ORDINARY) as Exclude<Axis, "place">[];

const NAMES: Readonly<Record<string, string>> = {
  "client=app": "a desktop or mobile app",
  "client=exchange-activesync": "Exchange ActiveSync",
  "client=other": "a legacy client",
  "client=browser": "a browser",
  "flow=device-code": "the device-code flow",
  "flow=authentication-transfer": "authentication transfer",
  "flow=none": "an ordinary flow",
  "device=hybrid": "a hybrid joined device",
  "device=unmanaged": "an unmanaged device",
  "platform=unknown": "an unknown platform",
};

/** Something that holds for some entries of a grid. */
interface Literal {
  readonly words: string;
  readonly axis: Axis;
  holds(entry: GridEntry): boolean;
}

/**
 * The conditions of a set, by their names, in a few words; undefined where no few words say it, "" where it is the whole grid.
 * @param ignored entries that may be in the set or not, because nothing can change there
 */
export function conditionWords(
  names: readonly string[],
  grid: readonly GridEntry[],
  ignored: ReadonlySet<string> = new Set(),
): string | undefined {
  const wanted = new Set(names);
  const matters = grid.filter(({ name }) => wanted.has(name) || !ignored.has(name));
  const fits = (chosen: readonly Literal[]) =>
    matters.every((entry) => wanted.has(entry.name) === chosen.every(({ holds }) => holds(entry)));
  if (fits([])) return "";
  const literals = literalsOf(matters);
  const one = literals.find((literal) => fits([literal]));
  if (one !== undefined) return one.words;
  for (const [index, first] of literals.entries()) {
    const second = literals.slice(index + 1).find((other) => other.axis !== first.axis && fits([first, other]));
    if (second !== undefined) return `${first.words} ${second.words}`;
  }
  return undefined;
}

/** What can be said of a grid's entries: each value of each axis, and its opposite. */
function literalsOf(grid: readonly GridEntry[]): Literal[] {
  const places = [...new Set(grid.map(placeOf))].flatMap((place) => [
    literal("place", placeWords(place), (entry) => placeOf(entry) === place),
    literal("place", otherPlaceWords(place), (entry) => placeOf(entry) !== place),
  ]);
  const others = AXES.flatMap((axis) => {
    const values = [...new Set(grid.map(({ conditions }) => axisValue(conditions, axis)))];
    return values.flatMap((value) => [
      literal(axis, valueWords(axis, value), ({ conditions }) => axisValue(conditions, axis) === value),
      literal(axis, otherValueWords(axis, value), ({ conditions }) => axisValue(conditions, axis) !== value),
    ]);
  });
  return [...places, ...others];
}

function literal(axis: Axis, words: string, holds: Literal["holds"]): Literal {
  return { axis, words, holds };
}

function axisValue(conditions: PlayedConditions, axis: Exclude<Axis, "place">): string {
  return conditions[axis] ?? ORDINARY[axis];
}

/** The first part of an entry's name is its place; the grids write it so. */
function placeOf({ name }: GridEntry): string {
  return name.split(", ")[0] ?? name;
}

function placeWords(place: string): string {
  if (place.startsWith("office ")) return `at the ${place}`;
  return place === "unknown country" ? "from an unknown country" : place;
}

function otherPlaceWords(place: string): string {
  if (place.startsWith("office ")) return `outside the ${place}`;
  if (place.startsWith("at home")) return "away from home";
  return place === "unknown country" ? "from a known country" : `not ${place}`;
}

function valueWords(axis: Exclude<Axis, "place">, value: string): string {
  if (axis === "device" || axis === "client" || axis === "flow" || axis === "platform")
    return `with ${thing(axis, value)}`;
  return value === "none" ? `without ${riskName(axis)}` : `at ${value} ${riskName(axis)}`;
}

function otherValueWords(axis: Exclude<Axis, "place">, value: string): string {
  if (axis === "device" && value === "unmanaged") return "with a managed device";
  if (axis === "device" || axis === "client" || axis === "flow" || axis === "platform")
    return value === ORDINARY[axis]
      ? `with another ${axis} than ${thing(axis, value)}`
      : `without ${thing(axis, value)}`;
  return value === "none" ? `at ${riskName(axis)}` : `below ${value} ${riskName(axis)}`;
}

function thing(axis: string, value: string): string {
  const known = NAMES[`${axis}=${value}`];
  if (known !== undefined) return known;
  return axis === "device" ? `a ${value} device` : value;
}

function riskName(axis: string): string {
  return axis === "risk" ? "sign-in risk" : axis.replace("-", " ");
}
