import { type AccessPerson, notAssigned } from "../access.ts";
import type { DeclaredTool } from "../declared-tools.ts";
import { byName, groupedBy, type ReportPerson } from "./people.ts";

/** A reason for which tools stay closed, in plain words. */
export interface ClosedReason {
  readonly reason: string;
  /** Ids of the tools; empty where it is all of them. */
  readonly tools: readonly string[];
}

/** People to whom tools are closed for the same reasons. */
export interface ClosedGroup {
  readonly people: readonly ReportPerson[];
  readonly reasons: readonly ClosedReason[];
}

/** In no team with a role anywhere: so ordinary that the tools need no naming. */
export const IN_NO_TEAM = "in no team that has a role in any tool";

/** People without any access, by why. */
export function withoutAccess(people: readonly AccessPerson[], tools: readonly DeclaredTool[]): ClosedGroup[] {
  const ordinary = ordinaryReasons(tools);
  return grouped(
    people.filter(({ access }) => access.length === 0),
    ({ denied }) =>
      denied.every(({ tool, reason }) => reason === ordinary.get(tool))
        ? [{ reason: IN_NO_TEAM, tools: [] }]
        : reasonsOf(denied, tools.length),
  );
}

/**
 * People with access to some tools to whom others are closed though a reader might expect otherwise: everything but "in no team
 * with a role there", which the matrix shows by an empty cell.
 */
export function closedThough(people: readonly AccessPerson[], tools: readonly DeclaredTool[]): ClosedGroup[] {
  const ordinary = ordinaryReasons(tools);
  const special = people
    .filter(({ access }) => access.length > 0)
    .map((person) => ({
      ...person,
      denied: person.denied.filter(({ tool, reason }) => !reason.startsWith(ordinary.get(tool) ?? "")),
    }))
    .filter(({ denied }) => denied.length > 0);
  return grouped(special, ({ denied }) => reasonsOf(denied, tools.length));
}

function ordinaryReasons(tools: readonly DeclaredTool[]): ReadonlyMap<string, string> {
  return new Map(tools.map(({ id, contract }) => [id, notAssigned(contract)]));
}

function reasonsOf(denied: AccessPerson["denied"], all: number): ClosedReason[] {
  return groupedBy(denied, ({ reason }) => reason).map((same) => ({
    reason: same[0]?.reason ?? "",
    tools: same.length === all ? [] : same.map(({ tool }) => tool),
  }));
}

/** The most people last: they are those of whom there is least to say. */
function grouped(
  people: readonly AccessPerson[],
  reasonsFor: (person: AccessPerson) => readonly ClosedReason[],
): ClosedGroup[] {
  const reasoned = people.map((person) => ({ person, reasons: reasonsFor(person) }));
  return groupedBy(reasoned, ({ reasons }) => JSON.stringify(reasons))
    .map((same) => ({ people: byName(same.map(({ person }) => person)), reasons: same[0]?.reasons ?? [] }))
    .sort((one, other) => Number(isOrdinary(one)) - Number(isOrdinary(other)));
}

function isOrdinary({ reasons }: ClosedGroup): boolean {
  return reasons[0]?.reason === IN_NO_TEAM;
}
