import { groupsBy } from "../conditional-access/blocks.ts";
import type { AccessDifference, RoleChange } from "./difference.ts";
import type { Reason } from "./reasons.ts";
import type { GroupRole } from "./state.ts";

/** Several people who gain or lose the same roles for the same reasons, as one line for readers. */
export interface PeopleRow {
  readonly kind: "people";
  readonly gained: boolean;
  readonly admin: boolean;
  readonly people: readonly Pick<RoleChange, "person" | "displayName" | "guest" | "partner">[];
  /** In the order of the difference. */
  readonly roles: readonly ToolRoleName[];
  readonly because: readonly Reason[];
  /** All teams that give the roles. */
  readonly via: readonly string[];
}

/** A group of unknown people that gains or loses roles, as one line. */
export interface GroupRow extends Pick<GroupRole, "team" | "members"> {
  readonly kind: "group";
  readonly gained: boolean;
  readonly admin: boolean;
  readonly roles: readonly ToolRoleName[];
}

export type AccessRow = PeopleRow | GroupRow;

export interface ToolRoleName {
  readonly tool: string;
  readonly role: string;
}

/**
 * A difference as lines: what gives admin roles first, then what else is gained, then what is lost. A person stands in one line for
 * all roles that come with the same reason, and with everybody of whom the same is true.
 */
export function accessRows({ gained, lost, groups }: AccessDifference): AccessRow[] {
  const rows = [
    ...peopleRows(gained, true),
    ...groupRows(groups.gained, true),
    ...peopleRows(lost, false),
    ...groupRows(groups.lost, false),
  ];
  return rows.toSorted((one, other) => rank(one) - rank(other));
}

function rank({ gained, admin }: AccessRow): number {
  return (gained ? 0 : 2) + (admin ? 0 : 1);
}

function peopleRows(changes: readonly RoleChange[], gained: boolean): PeopleRow[] {
  const own = groupsBy(changes, ({ person, admin, because }) => JSON.stringify([person, admin, because]));
  const alike = groupsBy(own, ([first, ...more]) =>
    JSON.stringify([first.admin, first.because, [first, ...more].map(({ tool, role }) => [tool, role])]),
  );
  return alike.map((same) => {
    const [roles] = same;
    const [{ admin, because }] = roles;
    return {
      kind: "people",
      gained,
      admin,
      people: same.map(([{ person, displayName, guest, partner }]) => ({
        person,
        displayName,
        guest,
        ...(partner === undefined ? {} : { partner }),
      })),
      roles: roles.map(({ tool, role }) => ({ tool, role })),
      because,
      via: [...new Set(same.flatMap((changed) => changed.flatMap(({ via }) => via)))],
    };
  });
}

function groupRows(changes: readonly GroupRole[], gained: boolean): GroupRow[] {
  return groupsBy(changes, ({ team, members, admin }) => JSON.stringify([team, members, admin])).map((same) => {
    const [{ team, members, admin }] = same;
    return { kind: "group", gained, admin, team, members, roles: same.map(({ tool, role }) => ({ tool, role })) };
  });
}
