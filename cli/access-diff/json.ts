import { type AccessDifference, type GroupRole, gainsPrivilege, type RoleChange } from "../../model/index.ts";

/** What `access diff --json` prints (docs/pull-requests.md); `privileged` is what the exit code says. */
export function differenceJson(names: { readonly from: string; readonly to: string }, difference: AccessDifference) {
  const { gained, lost, groups, ...more } = difference;
  return {
    ...names,
    privileged: gainsPrivilege(difference),
    summary: { gained: counts(gained, groups.gained), lost: counts(lost, groups.lost) },
    gained,
    lost,
    groups,
    ...more,
  };
}

/** People and groups are counted once each, roles one by one. */
function counts(people: readonly RoleChange[], groups: readonly GroupRole[]) {
  const admin = people.filter((change) => change.admin);
  return {
    people: distinct(people),
    roles: people.length,
    adminPeople: distinct(admin),
    adminRoles: admin.length,
    groups: new Set(groups.map(({ members }) => JSON.stringify(members))).size,
  };
}

function distinct(changes: readonly RoleChange[]): number {
  return new Set(changes.map(({ person }) => person)).size;
}
