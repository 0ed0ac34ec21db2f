import type { AccessTool } from "../access.ts";
import type { AccessState, TeamState } from "./state.ts";

/** A tool that goes under one name and comes under another. */
export interface Renamed {
  readonly from: string;
  readonly to: string;
}

/**
 * Teams that both sides have: under the same key, or under two keys with the same people (the same members, rule or existing
 * group). Where several would do for one, none is taken: then a key went and another came.
 */
export function renamedTeams(
  before: AccessState["teams"],
  after: AccessState["teams"],
): { readonly from: TeamState; readonly to: TeamState }[] {
  const [old, young] = [byKey(before), byKey(after)];
  const gone = before.filter(({ key }) => !young.has(key));
  const come = after.filter(({ key }) => !old.has(key));
  const kept = before.flatMap((from) => {
    const to = young.get(from.key);
    return to === undefined ? [] : [{ from, to }];
  });
  return [...kept, ...pairs(gone, come, ({ sameness }) => sameness)];
}

/** Tools that go while another with the same roles comes. To Entra it is a new registration; to a reader the same tool. */
export function renamedTools(before: readonly AccessTool[], after: readonly AccessTool[]): Renamed[] {
  const ids = (tools: readonly AccessTool[]) => new Set(tools.map(({ id }) => id));
  const [old, young] = [ids(before), ids(after)];
  return pairs(
    before.filter(({ id }) => !young.has(id)),
    after.filter(({ id }) => !old.has(id)),
    ({ roles }) => JSON.stringify(roles.map(({ value, admin }) => [value, admin])),
  ).map(({ from, to }) => ({ from: from.id, to: to.id }));
}

function byKey(teams: AccessState["teams"]): Map<string, TeamState> {
  return new Map(teams.map((team) => [team.key, team]));
}

/** One of each side that look the same and are the only ones that do. */
function pairs<T>(gone: readonly T[], come: readonly T[], look: (one: T) => string | undefined) {
  return gone.flatMap((from) => {
    const sameness = look(from);
    if (sameness === undefined) return [];
    const like = (one: T) => look(one) === sameness;
    const [to, ...others] = come.filter(like);
    return to === undefined || others.length > 0 || gone.filter(like).length > 1 ? [] : [{ from, to }];
  });
}
