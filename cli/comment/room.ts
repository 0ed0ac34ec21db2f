/** How much a comment may say. Lines about admin roles and about deletions of what cannot be made again are always there. */
export interface Room {
  /** Lines of each table or list. */
  readonly lines: number;
  /** People that a line names; the others are counted. */
  readonly names: number;
  /** The same for lines about admin roles. */
  readonly adminNames: number;
}

/** From everything to as little as can be. */
export const ROOMS: readonly Room[] = [
  { lines: 200, names: 12, adminNames: 1000 },
  { lines: 60, names: 12, adminNames: 1000 },
  { lines: 20, names: 6, adminNames: 1000 },
  { lines: 5, names: 3, adminNames: 1000 },
  { lines: 0, names: 3, adminNames: 1000 },
  { lines: 0, names: 3, adminNames: 100 },
  { lines: 0, names: 3, adminNames: 3 },
];

/** The first lines that there is room for, and how many are left out. */
export function withinRoom<T>(
  items: readonly T[],
  lines: number,
): { readonly shown: readonly T[]; readonly left: number } {
  return { shown: items.slice(0, lines), left: Math.max(0, items.length - lines) };
}
