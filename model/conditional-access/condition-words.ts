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
  "client=app": "with a desktop or mobile app",
  "client=exchange-activesync": "with Exchange ActiveSync",
  "client=other": "with a legacy client",
  "client=browser": "with a browser",
  "client≠browser": "with another client than a browser",
  "flow=device-code": "with the device-code flow",
  "flow=authentication-transfer": "with authentication transfer",
  "flow=none": "with an ordinary flow",
  "flow≠none": "with the device-code flow or authentication transfer",
  "device=unmanaged": "with an unknown device",
  "device≠unmanaged": "with a device that the directory knows",
  "device=hybrid": "with a hybrid joined device",
  "device≠hybrid": "without a hybrid joined device",
  "platform=windows": "on Windows",
  "platform≠windows": "on another platform than Windows",
  "platform=macos": "on macOS",
  "platform=linux": "on Linux",
  "platform=ios": "on iOS",
  "platform=android": "on Android",
  "platform=unknown": "on an unknown platform",
  "platform≠unknown": "on a known platform",
};

/** Something that holds for some entries of a grid. */
interface Literal {
  readonly words: string;
  readonly axis: Axis;
  holds(entry: GridEntry): boolean;
}

/**
 * A set of conditions in words: one text for what its entries have in common, or several that are true of it one or the other.
 * Empty where it is the whole grid.
 * @param names the set, by the entries' names
 * @param ignored entries that may be in the set or not, because nothing can change there
 */
export function conditionTerms(
  names: readonly string[],
  grid: readonly GridEntry[],
  ignored: ReadonlySet<string> = new Set(),
): string[] {
  const wanted = new Set(names);
  const matters = grid.filter(({ name }) => wanted.has(name) || !ignored.has(name));
  if (matters.every(({ name }) => wanted.has(name))) return [];
  const literals = literalsOf(matters);
  return common(wanted, matters, literals) ?? alternatives(wanted, matters, literals);
}

/** One thing, or two of different kinds, that hold for exactly the wanted entries. */
function common(
  wanted: ReadonlySet<string>,
  grid: readonly GridEntry[],
  literals: readonly Literal[],
): string[] | undefined {
  const fits = (...chosen: readonly Literal[]) =>
    grid.every((entry) => wanted.has(entry.name) === chosen.every(({ holds }) => holds(entry)));
  const one = literals.find((literal) => fits(literal));
  if (one !== undefined) return [one.words];
  for (const [index, first] of literals.entries()) {
    const second = literals.slice(index + 1).find((other) => other.axis !== first.axis && fits(first, other));
    if (second !== undefined) return [`${first.words} ${second.words}`];
  }
  return undefined;
}

/** Things that hold for wanted entries only, those for most of them first, until each entry has one; else its name. */
function alternatives(wanted: ReadonlySet<string>, grid: readonly GridEntry[], literals: readonly Literal[]): string[] {
  const chosen = grid.filter(({ name }) => wanted.has(name));
  const within = literals.filter(({ holds }) => grid.every((entry) => wanted.has(entry.name) || !holds(entry)));
  const terms: { at: number; words: string }[] = [];
  let left = chosen;
  while (left.length > 0) {
    const [first] = left;
    const best = mostOf(within, left);
    const words = best?.words ?? first?.name ?? "";
    const covered = left.filter((entry) => (best === undefined ? entry === first : best.holds(entry)));
    terms.push({ at: Math.min(...covered.map((entry) => chosen.indexOf(entry))), words });
    left = left.filter((entry) => !covered.includes(entry));
  }
  return terms.toSorted((one, other) => one.at - other.at).map(({ words }) => words);
}

/** What holds for most of these entries; the first of several. */
function mostOf(literals: readonly Literal[], left: readonly GridEntry[]): Literal | undefined {
  let best: Literal | undefined;
  let most = 0;
  for (const literal of literals) {
    const count = left.filter(literal.holds).length;
    if (count > most) {
      best = literal;
      most = count;
    }
  }
  return best;
}

/**
 * What can be said of a grid's entries: in an office or not, which policies are mostly about; then each value of each axis, then
 * its opposite.
 */
function literalsOf(grid: readonly GridEntry[]): Literal[] {
  const places = [...new Set(grid.map(placeOf))];
  const values = AXES.flatMap((axis) =>
    [...new Set(grid.map(({ conditions }) => axisValue(conditions, axis)))].map((value) => ({ axis, value })),
  );
  const inside = (place: string) => literal("place", placeWords(place), (entry) => placeOf(entry) === place);
  const outside = (place: string) => literal("place", otherPlaceWords(place), (entry) => placeOf(entry) !== place);
  return [
    ...places.filter(isOffice).flatMap((place) => [inside(place), outside(place)]),
    ...places.map(inside),
    literal("device", "with a managed device", isManaged),
    ...values.map(({ axis, value }) =>
      literal(axis, valueWords(axis, value), ({ conditions }) => axisValue(conditions, axis) === value),
    ),
    ...places.map(outside),
    literal("device", "without a managed device", (entry) => !isManaged(entry)),
    ...values.map(({ axis, value }) =>
      literal(axis, otherValueWords(axis, value), ({ conditions }) => axisValue(conditions, axis) !== value),
    ),
  ];
}

function literal(axis: Axis, words: string, holds: Literal["holds"]): Literal {
  return { axis, words, holds };
}

function axisValue(conditions: PlayedConditions, axis: Exclude<Axis, "place">): string {
  return conditions[axis] ?? ORDINARY[axis];
}

function placeOf({ place = "" }: GridEntry): string {
  return place;
}

/** What policies call a managed device. */
function isManaged({ conditions }: GridEntry): boolean {
  return conditions.device === "compliant" || conditions.device === "hybrid";
}

function isOffice(place: string): boolean {
  return place.startsWith("office ");
}

function placeWords(place: string): string {
  if (isOffice(place)) return `at the ${place}`;
  return place === "unknown country" ? "from an unknown country" : place;
}

function otherPlaceWords(place: string): string {
  if (isOffice(place)) return `outside the ${place}`;
  if (place.startsWith("at home")) return "away from home";
  return place === "unknown country" ? "from a known country" : `not ${place}`;
}

function valueWords(axis: Exclude<Axis, "place">, value: string): string {
  const known = NAMES[`${axis}=${value}`];
  if (known !== undefined) return known;
  if (!isRisk(axis)) return axis === "device" ? `with a ${value} device` : `with ${value}`;
  return value === "none" ? `without ${riskName(axis)}` : `at ${value} ${riskName(axis)}`;
}

function otherValueWords(axis: Exclude<Axis, "place">, value: string): string {
  const known = NAMES[`${axis}≠${value}`];
  if (known !== undefined) return known;
  const without = valueWords(axis, value).replace(/^(with|at) /, "without ");
  if (!isRisk(axis)) return without.startsWith("on ") ? `not ${without}` : without;
  if (value === "none") return `at ${riskName(axis)}`;
  return value === "high" ? `below high ${riskName(axis)}` : without;
}

function isRisk(axis: Axis): boolean {
  return axis === "risk" || axis === "user-risk" || axis === "insider-risk";
}

function riskName(axis: Axis): string {
  return axis === "risk" ? "sign-in risk" : axis.replace("-", " ");
}
