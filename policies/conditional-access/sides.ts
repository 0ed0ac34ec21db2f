import { bareId } from "../core/links.ts";
import type { StackSubject } from "../core/rule.ts";
import { text } from "../core/values.ts";
import { items } from "./policy.ts";

/** One of a policy's lists, the resources behind its ids found. */
export interface Side {
  /** Path of the list. */
  readonly at: string;
  /** Resources that are in it. */
  readonly resources: readonly StackSubject[];
  /** Resources that are in it or in the other list: neither has ids yet. */
  readonly maybe: readonly StackSubject[];
  /** Ids and words that belong to no resource of the stack. */
  readonly strangers: readonly string[];
  /** Whether there are members of which nothing at all can be told yet. */
  readonly untold: boolean;
}

export interface Sides {
  readonly included: Side;
  readonly excluded: Side;
}

/** A pair of lists of `conditions`, and the properties of resources that hold the ids in them. */
interface Pair {
  readonly include: string;
  readonly exclude: string;
  readonly idKeys: readonly string[];
}

const pairs = {
  groups: { include: "users.includedGroups", exclude: "users.excludedGroups", idKeys: ["objectId"] },
  users: { include: "users.includedUsers", exclude: "users.excludedUsers", idKeys: ["objectId"] },
  applications: {
    include: "applications.includedApplications",
    exclude: "applications.excludedApplications",
    idKeys: ["clientId"],
  },
  locations: {
    include: "locations.includedLocations",
    exclude: "locations.excludedLocations",
    idKeys: ["objectId", "id"],
  },
} satisfies Readonly<Record<string, Pair>>;

export type PairName = keyof typeof pairs;

export interface SideOptions {
  /** Resources that policies exclude, such as the break-glass group. @default none */
  readonly excludedFirst?: (target: StackSubject) => boolean;
  /** URNs that the value of a target's id may come from, besides its own. @default none */
  readonly aliases?: (target: StackSubject) => readonly string[];
}

/**
 * What a policy includes and excludes. The engine tells where all of `conditions` comes from, not where each id does, so while
 * ids are unknown a resource is put where an unknown member is: exactly when only one of the two lists has one, or when
 * `excludedFirst` picks as many as the exclusion has.
 */
export function sidesOf(
  policy: StackSubject,
  name: PairName,
  targets: readonly StackSubject[],
  { excludedFirst = () => false, aliases = () => [] }: SideOptions = {},
): Sides {
  const pair = pairs[name];
  const include = items(policy.props, `conditions.${pair.include}`);
  const exclude = items(policy.props, `conditions.${pair.exclude}`);
  const owners = ownersOf(targets, pair.idKeys);
  // Resources that the conditions come from and whose ids are not known yet.
  const named = new Set(owners.values());
  const origins = new Set(policy.dependenciesOf("conditions"));
  const late = targets.filter((one) => !named.has(one) && [one.urn, ...aliases(one)].some((urn) => origins.has(urn)));
  const sure = exclude.open === 0 ? [] : include.open === 0 ? late : late.filter(excludedFirst);
  const rest = late.filter((one) => !sure.includes(one));
  const isSorted = include.open === 0 || exclude.open === 0 || sure.length === exclude.open;
  const side = (at: string, { values, open }: ReturnType<typeof items>, own: readonly StackSubject[]): Side => ({
    at: `conditions.${at}`,
    resources: [...new Set([...values.flatMap((id) => owners.get(normal(id)) ?? []), ...own])],
    maybe: isSorted || open === 0 ? [] : rest,
    strangers: values.filter((id) => !owners.has(normal(id))),
    untold: open > late.length,
  });
  return {
    included: side(pair.include, include, isSorted && include.open > 0 ? rest : []),
    excluded: side(pair.exclude, exclude, sure),
  };
}

function ownersOf(targets: readonly StackSubject[], idKeys: readonly string[]): ReadonlyMap<string, StackSubject> {
  return new Map(
    targets.flatMap((target) =>
      idKeys.flatMap((key) => {
        const id = text(target.props, key);
        return id === undefined ? [] : [[normal(id), target] as const];
      }),
    ),
  );
}

function normal(id: string): string {
  return bareId(id).toLowerCase();
}

/** Whether a resource is, or may turn out to be, in a list. */
export function mayHold({ resources, maybe, untold }: Side, one: StackSubject): boolean {
  return untold || resources.includes(one) || maybe.includes(one);
}
